import Foundation

/// Grey values that divide a picture in two.
package enum Threshold {
  private static let bins = 1024

  /// Counts of the values in equal steps from the smallest to the largest.
  private static func histogram(_ values: UnsafeBufferPointer<Float>)
    -> (counts: [Double], low: Float, step: Float)?
  {
    var low = Float.infinity
    var high = -Float.infinity
    for value in values {
      low = min(low, value)
      high = max(high, value)
    }
    guard high > low else { return nil }
    let step = (high - low) / Float(bins)
    var counts = [Double](repeating: 0, count: bins)
    let inverse = 1 / step
    for value in values { counts[min(bins - 1, Int((value - low) * inverse))] += 1 }
    return (counts, low, step)
  }

  /// Otsu's threshold; nil for an even picture.
  package static func otsu(_ values: UnsafeBufferPointer<Float>) -> Float? {
    guard let (counts, low, step) = histogram(values) else { return nil }
    let total = Double(values.count)
    let sum = counts.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
    var (below, belowSum, best, bestAt) = (0.0, 0.0, -1.0, 0)
    for (index, count) in counts.enumerated() {
      below += count
      belowSum += Double(index) * count
      let above = total - below
      guard below > 0, above > 0 else { continue }
      let difference = belowSum / below - (sum - belowSum) / above
      let between = below * above * difference * difference
      if between > best {
        best = between
        bestAt = index
      }
    }
    return low + (Float(bestAt) + 1) * step
  }

  /// Li's threshold, by iteration from the mean; nil for an even picture.
  static func li(_ values: UnsafeBufferPointer<Float>) -> Float? {
    guard let (counts, low, step) = histogram(values) else { return nil }
    // Values are counted from the smallest, so that logarithms exist.
    var threshold = 0.0
    let total = counts.reduce(0, +)
    threshold =
      counts.enumerated().reduce(0) { $0 + (Double($1.offset) + 0.5) * $1.element } / total
    for _ in 0..<100 {
      var (dark, darkCount, bright, brightCount) = (0.0, 0.0, 0.0, 0.0)
      for (index, count) in counts.enumerated() {
        let value = Double(index) + 0.5
        if value <= threshold {
          dark += value * count
          darkCount += count
        } else {
          bright += value * count
          brightCount += count
        }
      }
      guard darkCount > 0, brightCount > 0 else { break }
      let (darkMean, brightMean) = (dark / darkCount, bright / brightCount)
      let next = (brightMean - darkMean) / (log(brightMean) - log(darkMean))
      guard next.isFinite, abs(next - threshold) > 0.25 else { break }
      threshold = next
    }
    return low + Float(threshold) * step
  }
}
