/// How many resamples and shuffles are behind intervals and p values.
public struct Sampling: Sendable, Equatable, Codable {
  /// Resamples behind an interval.
  public var resamples: Int
  /// Shuffles behind chance and a p value.
  public var permutations: Int
  /// The seed of both.
  public var seed: UInt64

  /// Resamples, shuffles and their seed.
  public init(resamples: Int = 1000, permutations: Int = 999, seed: UInt64 = 0) {
    self.resamples = resamples
    self.permutations = permutations
    self.seed = seed
  }
}
