import Raster

/// Finds two percentiles of the grey values of one image or of many, exactly.
///
/// It works in rounds, each of which sees every image once; memory does not grow with their number.
/// Whole numbers of up to 16 bits take one round. Others take three: what the values are counted from;
/// the upper half of their single-precision patterns; the lower half of the two patterns that hold the
/// percentiles.
struct PercentileSearch: Sendable {
  private enum Round { case whole, upper, lower, finished }

  /// A percentile on its way: the place of its value among those that are still possible.
  private struct Target {
    var rank = 0
    var bucket = 0
    var counts: [Int] = []
  }

  /// The percentiles as values of the files, never equal; 0 and 1 where there were no images.
  private(set) var range: ClosedRange<Double> = 0...1

  private let percents: [Float]
  private var round = Round.whole
  private var counts = [Int](repeating: 0, count: 1 << 16)
  private var targets = [Target(), Target()]
  private var total = 0
  private var (low, high) = (Double.infinity, -Double.infinity)
  private var floor: Float?
  private var origin = 0.0
  private var isWide = false

  /// A search for the values below which `low` and `high` percent of the others lie.
  init(_ low: Float, _ high: Float) { percents = [low, high] }

  /// Whether `range` is found.
  var isFinished: Bool { round == .finished }

  /// Shows the search an image; every round must see the same ones.
  mutating func add(_ image: GrayImage) {
    switch round {
    case .whole: addWhole(image)
    case .upper: addPatterns(image) { counts, _, pattern in counts[Int(pattern >> 16)] += 1 }
    case .lower:
      addPatterns(image) { _, targets, pattern in
        for index in targets.indices where Int(pattern >> 16) == targets[index].bucket {
          targets[index].counts[Int(pattern & 0xFFFF)] += 1
        }
      }
    case .finished: break
    }
  }

  private mutating func addWhole(_ image: GrayImage) {
    if let least = image.pixels.min(), let most = image.pixels.max() {
      low = min(low, Double(least) + image.origin)
      high = max(high, Double(most) + image.origin)
    }
    total += image.pixels.count
    if abs(image.origin) > abs(origin) { origin = image.origin }
    let isWhole = image.origin == 0 && (image.ceiling.map { $0 - image.floor <= 65_535 } ?? false)
    if !isWhole || floor ?? image.floor != image.floor { isWide = true }
    floor = image.floor
    guard !isWide else { return }
    let start = 0.5 - image.floor
    counts.withUnsafeMutableBufferPointer { counts in
      // Resampled pixels have fractions.
      for value in image.pixels { counts[Int(min(max(value + start, 0), 65_535))] += 1 }
    }
  }

  private mutating func addPatterns(
    _ image: GrayImage,
    _ count: (inout UnsafeMutableBufferPointer<Int>, inout [Target], UInt32) -> Void
  ) {
    let shift = image.origin - origin
    // Taken out, so that neither is copied nor checked for every pixel.
    var (counts, targets) = (counts, targets)
    (self.counts, self.targets) = ([], [])
    counts.withUnsafeMutableBufferPointer { counts in
      for value in image.pixels {
        count(&counts, &targets, Self.pattern(shift == 0 ? value : Float(Double(value) + shift)))
      }
    }
    (self.counts, self.targets) = (counts, targets)
  }

  /// Ends a round: the range is found, or every image is to be added once more.
  mutating func endRound() {
    guard total > 0 else {
      round = .finished
      return
    }
    switch round {
    case .whole:
      for index in targets.indices { targets[index].rank = rank(percents[index]) }
      guard isWide else {
        return finish(
          targets.map { Double(floor ?? 0) + Double(Self.step(of: $0.rank, in: counts).step) })
      }
      counts = [Int](repeating: 0, count: counts.count)
      round = .upper
    case .upper:
      for index in targets.indices {
        let found = Self.step(of: targets[index].rank, in: counts)
        targets[index] = Target(
          rank: targets[index].rank - found.before, bucket: found.step,
          counts: [Int](repeating: 0, count: counts.count))
      }
      round = .lower
    case .lower:
      finish(
        targets.map { target in
          let lower = Self.step(of: target.rank, in: target.counts).step
          return origin + Double(Self.value(UInt32(target.bucket) << 16 | UInt32(lower)))
        })
    case .finished: break
    }
  }

  private mutating func finish(_ values: [Double]) {
    let ends = zip(percents, values).map { percent, value in
      percent <= 0 ? low : percent >= 100 ? high : min(max(value, low), high)
    }
    range = ends[0]...(ends[1] > ends[0] ? ends[1] : ends[0] + max(1, ends[0].ulp))
    round = .finished
    (counts, targets) = ([], [])
  }

  private func rank(_ percent: Float) -> Int {
    min(total - 1, max(0, Int(Double(total) * Double(percent) / 100)))
  }

  /// The step that holds the value of a rank, and how many values lie in the steps before.
  private static func step(of rank: Int, in counts: [Int]) -> (step: Int, before: Int) {
    var seen = 0
    for (step, count) in counts.enumerated() {
      if seen + count > rank { return (step, seen) }
      seen += count
    }
    return (counts.count - 1, seen)
  }

  /// Numbers in the order of the values they stand for.
  @inline(__always)
  private static func pattern(_ value: Float) -> UInt32 {
    let bits = value.bitPattern
    return bits >> 31 == 0 ? bits | 0x8000_0000 : ~bits
  }

  private static func value(_ pattern: UInt32) -> Float {
    Float(bitPattern: pattern >> 31 == 1 ? pattern & 0x7FFF_FFFF : ~pattern)
  }
}

extension GrayImage {
  /// The pixels below which `low` and `high` percent of the others lie, never equal.
  func percentiles(_ low: Float, _ high: Float) -> ClosedRange<Float> {
    var search = PercentileSearch(low, high)
    while !search.isFinished {
      search.add(self)
      search.endRound()
    }
    return pixels(in: search.range)
  }

  /// A range of the file's values as one of pixels, never empty.
  func pixels(in range: ClosedRange<Double>) -> ClosedRange<Float> {
    Percentiles.range(Float(range.lowerBound - origin), Float(range.upperBound - origin))
  }
}
