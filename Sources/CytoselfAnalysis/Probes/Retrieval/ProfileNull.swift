import Numerics

/// Average precisions of units drawn at random in place of a class.
final class ProfileNull {
  private let ranks: [[Int32]]
  private let pool: [Int]
  private let profiles: Int
  private let sampling: Sampling
  private let workers: Workers
  private var known: [[Int]: [Double]] = [:]

  /// Rankings to draw from.
  ///
  /// - Parameters:
  ///   - ranks: for each query profile the rank of every profile, from 1; 0 where it is not ranked.
  ///   - pool: the query profiles.
  ///   - profiles: the number of profiles.
  init(ranks: [[Int32]], pool: [Int], profiles: Int, sampling: Sampling, workers: Workers) {
    self.ranks = ranks
    self.pool = pool
    self.profiles = profiles
    self.sampling = sampling
    self.workers = workers
  }

  /// The mean average precisions of as many query profiles and members, for each draw.
  func draws(queries: Int, members: Int) -> [Double] {
    if let known = known[[queries, members]] { return known }
    // A draw that reads a million ranks is slow: large classes need fewer draws.
    let costs = queries * members > 200_000
    let drawn = workers.map(costs ? min(199, sampling.permutations) : sampling.permutations) {
      draw in
      var generator = SplitMix64(
        seed: sampling.seed, stream: 0x9A15_0000 + UInt64(draw))
      let places = generator.sample(queries, of: pool.count)
      let chosen = places.map { pool[$0] }
      let isChosen = Set(chosen)
      var others: Set<Int> = []
      let most = min(members, profiles) - chosen.count
      while others.count < most {
        let other = generator.next(below: profiles)
        if !isChosen.contains(other) { others.insert(other) }
      }
      let all = chosen + others.sorted()
      let precisions = places.compactMap {
        Self.precision(of: pool[$0], among: all, ranks: ranks[$0])
      }
      return precisions.reduce(0, +) / Double(max(1, precisions.count))
    }
    known[[queries, members]] = drawn
    return drawn
  }

  /// The average precision of a profile whose hits are the other members; nil if none is ranked.
  static func precision(of profile: Int, among members: [Int], ranks: [Int32]) -> Double? {
    var found: [Int32] = []
    found.reserveCapacity(members.count)
    for member in members where member != profile && ranks[member] > 0 {
      found.append(ranks[member])
    }
    found.sort()
    var precision = AveragePrecision()
    for rank in found { precision.add(rank: Int(rank)) }
    return precision.value
  }
}
