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
  ///   - ranks: for each asking profile the rank of every profile, from 1; 0 where it is not ranked.
  ///   - pool: the asking profiles.
  ///   - profiles: the number of profiles.
  init(ranks: [[Int32]], pool: [Int], profiles: Int, sampling: Sampling, workers: Workers) {
    self.ranks = ranks
    self.pool = pool
    self.profiles = profiles
    self.sampling = sampling
    self.workers = workers
  }

  /// The mean average precisions of as many asking profiles and members, for each draw.
  func draws(queries: Int, members: Int) -> [Double] {
    if let known = known[[queries, members]] { return known }
    // A million looks at a ranking a draw is much: large classes need fewer draws to be told apart.
    let costs = queries * members > 200_000
    let drawn = workers.map(costs ? min(199, sampling.permutations) : sampling.permutations) {
      draw in
      var generator = SeededGenerator(
        seed: sampling.seed, stream: 0x9A15_0000 + UInt64(draw))
      let places = generator.sample(queries, of: pool.count)
      let asking = places.map { pool[$0] }
      let isAsking = Set(asking)
      var others: Set<Int> = []
      let most = min(members, profiles) - asking.count
      while others.count < most {
        let other = generator.below(profiles)
        if !isAsking.contains(other) { others.insert(other) }
      }
      let all = asking + others.sorted()
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
    return found.isEmpty ? nil : RankedPrecision.averagePrecision(ranks: &found)
  }
}

/// The mean row of each class in each unit.
struct UnitProfiles {
  let means: Matrix
  /// The label and the unit of each profile.
  let labels: [Int]
  let units: [Int]
  /// Whether a profile holds a cell that asks.
  let isAsked: [Bool]

  init(_ embedding: Matrix, labels: [Int], units: [Int], rows: [Int], asked: Set<Int>) {
    let groups = Dictionary(grouping: rows) { [labels[$0], units[$0]] }
      .sorted { ($0.key[0], $0.key[1]) < ($1.key[0], $1.key[1]) }
    var values: [Float] = []
    values.reserveCapacity(groups.count * embedding.columns)
    for (_, members) in groups { values += Self.mean(embedding, members) }
    means = Matrix(rows: groups.count, columns: embedding.columns, values: values)
    self.labels = groups.map { $0.key[0] }
    self.units = groups.map { $0.key[1] }
    isAsked = groups.map { $0.value.contains(where: asked.contains) }
  }

  static func mean(_ embedding: Matrix, _ rows: [Int]) -> [Float] {
    var sums = [Double](repeating: 0, count: embedding.columns)
    for row in rows {
      for (column, value) in embedding[row: row].enumerated() { sums[column] += Double(value) }
    }
    return sums.map { Float($0 / Double(max(1, rows.count))) }
  }
}
