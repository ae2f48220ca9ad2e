/// The average precision of one ranking, added up from its top: the mean over the hits of the share of
/// hits among all rows that rank at least as high.
struct AveragePrecision {
  private var sum = 0.0
  private var hits = 0

  /// Adds hits that share a place.
  ///
  /// - Parameters:
  ///   - count: the number of hits at the place; more than one where distances are equal.
  ///   - rank: the number of rows up to the place, itself included.
  mutating func add(_ count: Int = 1, rank: Int) {
    hits += count
    sum += Double(count) * Double(hits) / Double(rank)
  }

  /// The average precision; nil without hits.
  var value: Double? { hits > 0 ? sum / Double(hits) : nil }
}
