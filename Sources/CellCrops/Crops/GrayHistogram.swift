import Raster

/// Counts of grey values, of which percentiles are taken; those of several fields can be added.
///
/// Whole numbers up to 65,535 are counted exactly. Other values are counted in steps of less than 1 %
/// of themselves: the upper half of their single-precision pattern.
struct GrayHistogram: Sendable {
  private var counts = [Int](repeating: 0, count: 1 << 16)
  private var isExact: Bool
  private var low = Float.infinity
  private var high = -Float.infinity

  /// An empty histogram of images whose largest possible value is `ceiling`.
  init(ceiling: Float?) {
    isExact = ceiling.map { $0 <= 65_535 } ?? false
  }

  /// Counts the values of an image.
  init(_ image: GrayImage) {
    self.init(ceiling: image.ceiling)
    add(image.pixels, exactly: isExact)
  }

  /// Adds the values of an image; a histogram of mixed kinds counts in the wider steps.
  mutating func add(_ image: GrayImage) {
    let exact = image.ceiling.map { $0 <= 65_535 } ?? false
    if isExact, !exact { coarsen() }
    add(image.pixels, exactly: isExact)
  }

  private mutating func add(_ values: [Float], exactly: Bool) {
    counts.withUnsafeMutableBufferPointer { counts in
      for value in values {
        low = min(low, value)
        high = max(high, value)
        // Resampled pixels have fractions, and signed ones may be below 0.
        counts[exactly ? Int(min(max(value + 0.5, 0), 65_535)) : Self.step(value)] += 1
      }
    }
  }

  private mutating func coarsen() {
    var wide = [Int](repeating: 0, count: counts.count)
    for (value, count) in counts.enumerated() where count > 0 {
      wide[Self.step(Float(value))] += count
    }
    counts = wide
    isExact = false
  }

  /// The values below which `low` and `high` percent of the others lie, never equal.
  func percentiles(_ lowPercent: Float, _ highPercent: Float) -> ClosedRange<Float> {
    let total = counts.reduce(0, +)
    guard total > 0 else { return 0...1 }
    func at(_ percent: Float) -> Float {
      if percent <= 0 { return low }
      if percent >= 100 { return high }
      let rank = min(total - 1, Int(Double(total) * Double(percent) / 100))
      var seen = 0
      for (step, count) in counts.enumerated() {
        seen += count
        if seen > rank { return min(max(isExact ? Float(step) : Self.value(step), low), high) }
      }
      return high
    }
    return Percentiles.range(at(lowPercent), at(highPercent))
  }

  /// Numbers in the order of the values they stand for.
  @inline(__always)
  private static func step(_ value: Float) -> Int {
    let bits = value.bitPattern
    return Int((bits >> 31 == 0 ? bits | 0x8000_0000 : ~bits) >> 16)
  }

  /// The middle of a step.
  private static func value(_ step: Int) -> Float {
    let ordered = UInt32(step) << 16 | 0x8000
    let value = Float(bitPattern: ordered >> 31 == 1 ? ordered & 0x7FFF_FFFF : ~ordered)
    return value.isFinite ? value : 0
  }
}
