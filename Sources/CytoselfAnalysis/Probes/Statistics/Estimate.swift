/// A score with its 95 % interval and what chance would give in its place.
public struct Estimate: Sendable, Equatable, Codable {
  /// The score.
  public let value: Double
  /// The lower end of the interval.
  public let low: Double
  /// The upper end of the interval.
  public let high: Double
  /// How the interval was made, such as `bootstrap over fields`.
  public let interval: String
  /// The mean score under the null: what chance gives.
  public let chance: Double
  /// The 95th percentile of the score under the null.
  public let nullHigh: Double
  /// The share of the null's scores, the observed one among them, that are at least as high.
  public let pValue: Double

  /// A score; each value is as the property of its name says.
  public init(
    value: Double, low: Double, high: Double, interval: String, chance: Double, nullHigh: Double,
    pValue: Double
  ) {
    self.value = value
    self.low = low
    self.high = high
    self.interval = interval
    self.chance = chance
    self.nullHigh = nullHigh
    self.pValue = pValue
  }

  /// A score beside its null.
  ///
  /// - Parameters:
  ///   - value: the score.
  ///   - bounds: the ends of its interval.
  ///   - interval: how the interval was made.
  ///   - null: scores under the null, in any order.
  ///   - chance: the mean under the null, where it is known better than by the mean of `null`.
  init(
    _ value: Double, bounds: (low: Double, high: Double), interval: String, null: [Double],
    chance: Double? = nil
  ) {
    let sorted = null.sorted()
    let mean = sorted.reduce(0, +) / Double(max(1, sorted.count))
    // A sum in another order may differ in the last digits and is the same score.
    let atLeast = sorted.reduce(1) { $0 + ($1 >= value - 1e-12 ? 1 : 0) }
    self.init(
      value: value, low: bounds.low, high: bounds.high, interval: interval,
      chance: chance ?? mean,
      nullHigh: sorted.isEmpty ? mean : sorted[Int(0.95 * Double(sorted.count - 1))],
      pValue: Double(atLeast) / Double(sorted.count + 1))
  }
}
