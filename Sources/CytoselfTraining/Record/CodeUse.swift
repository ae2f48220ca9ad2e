import Foundation

/// How many codes of a level's codebook are in use over all cells of an epoch.
///
/// The perplexity of a batch can never exceed the vectors of the batch, so that of few and small maps
/// is low however many codes the cells use; this one has no such limit.
public struct CodeUse: Codable, Equatable, Sendable {
  /// The exponential of the entropy of the codes, 1 to the size of the codebook.
  public let perplexity: Double
  /// The share of the codes that occur at least once, 0 to 1.
  public let share: Double

  /// The use that counts show.
  ///
  /// - Parameter counts: how often each code occurred, at least one code.
  public init(counts: [Double]) {
    precondition(!counts.isEmpty, "A codebook has at least one code.")
    let total = max(counts.reduce(0, +), 1)
    let entropy = counts.reduce(0) { sum, count in
      count > 0 ? sum - count / total * log(count / total) : sum
    }
    perplexity = exp(entropy)
    share = Double(counts.count { $0 > 0 }) / Double(counts.count)
  }
}
