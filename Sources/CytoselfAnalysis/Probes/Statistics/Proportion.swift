/// A share of successes with its 95 % confidence interval.
public struct Proportion: Sendable, Equatable, Codable {
  /// How many succeeded.
  public let successes: Int
  /// Out of how many.
  public let trials: Int
  /// The lower end of the interval.
  public let low: Double
  /// The upper end of the interval.
  public let high: Double
  /// How the interval was made: `wilson`.
  public let interval: String

  /// The share, 0 if nothing was tried.
  public var value: Double { trials == 0 ? 0 : Double(successes) / Double(trials) }

  /// A share with Wilson's score interval, which takes the trials as independent.
  public init(successes: Int, trials: Int) {
    guard trials > 0 else {
      self.init(successes: successes, trials: trials, low: 0, high: 1, interval: "wilson")
      return
    }
    // E. B. Wilson, "Probable inference", 1927; z for 95 %.
    let z = 1.959963984540054
    let n = Double(trials)
    let p = Double(successes) / n
    let center = (p + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    self.init(
      successes: successes, trials: trials, low: max(0, center - half),
      high: min(1, center + half), interval: "wilson")
  }

  private init(successes: Int, trials: Int, low: Double, high: Double, interval: String) {
    self.successes = successes
    self.trials = trials
    self.low = low
    self.high = high
    self.interval = interval
  }
}
