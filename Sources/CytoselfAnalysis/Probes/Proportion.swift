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
  /// How the interval was made: `wilson`, or `bootstrap over fields`.
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

  /// A share over groups of dependent trials, such as the cells of a field, with the interval of a
  /// bootstrap that draws whole groups.
  ///
  /// Cells of one field resemble each other, so an interval that counts cells is too narrow. With
  /// fewer than three groups Wilson's interval is given.
  public init(succeeded: [Bool], groups: [Int], resamples: Int = 1000, seed: UInt64 = 0) {
    precondition(succeeded.count == groups.count, "Every trial belongs to one group.")
    var members: [Int: (successes: Int, trials: Int)] = [:]
    for (success, group) in zip(succeeded, groups) {
      members[group, default: (0, 0)].successes += success ? 1 : 0
      members[group, default: (0, 0)].trials += 1
    }
    let drawn = members.sorted { $0.key < $1.key }.map(\.value)
    let total = drawn.reduce(0) { $0 + $1.successes }
    guard drawn.count >= 3 else {
      self.init(successes: total, trials: succeeded.count)
      return
    }
    var generator = SeededGenerator(seed: seed, stream: 0xB007)
    var shares: [Double] = []
    for _ in 0..<resamples {
      var successes = 0
      var trials = 0
      for _ in drawn.indices {
        let pick = drawn[generator.below(drawn.count)]
        successes += pick.successes
        trials += pick.trials
      }
      shares.append(Double(successes) / Double(trials))
    }
    shares.sort()
    self.init(
      successes: total, trials: succeeded.count,
      low: shares[Int(0.025 * Double(resamples - 1))],
      high: shares[Int((0.975 * Double(resamples - 1)).rounded(.up))],
      interval: "bootstrap over fields")
  }

  private init(successes: Int, trials: Int, low: Double, high: Double, interval: String) {
    self.successes = successes
    self.trials = trials
    self.low = low
    self.high = high
    self.interval = interval
  }
}
