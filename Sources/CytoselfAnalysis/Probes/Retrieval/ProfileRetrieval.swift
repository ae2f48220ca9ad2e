import Numerics

/// Whether mean profiles of fields (or proteins) find others of the same class, class by class.
///
/// A profile is the mean of the cells of one class in one unit. Each query profile ranks those of all
/// other units; a class's average precision is the mean over its profiles. The null gives the class's
/// label to units drawn at random, so a class of few units is compared with as few.
public struct ProfileRetrieval: Sendable, Equatable, Encodable {
  /// One class.
  public struct ClassPrecision: Sendable, Equatable, Codable {
    /// Its label.
    public let name: String
    /// Its profiles.
    public let profiles: Int
    /// Those that were queries.
    public let queries: Int
    /// The mean over them of average precision.
    public let averagePrecision: Double
    /// The mean under the null.
    public let chance: Double
    /// The share of draws, the class among them, with at least its average precision.
    public let pValue: Double
    /// The false discovery rate among all classes at which it would be called.
    public let falseDiscoveryRate: Double
  }

  /// The label column.
  public let label: String
  /// What a profile is the mean of.
  public let unitName: String
  /// The profiles that were ranked.
  public let profiles: Int
  /// The mean over classes of average precision.
  public let averagePrecision: Estimate
  /// The classes that have two profiles or more.
  public let classes: [ClassPrecision]

  /// The classes called at a false discovery rate of 5 %.
  public var called: Int { classes.count { $0.falseDiscoveryRate <= 0.05 } }

  private static let mostQueries = 2000
  private static let mostRanks = 20_000_000
  private static let mostQueriesOfClass = 200

  /// Ranks profiles; nil where no class has two units, or there are fewer than three.
  ///
  /// - Parameters:
  ///   - embedding: a row per cell, [cells, columns].
  ///   - column: the label column, for the output.
  ///   - labels: the labels as codes of `labels.names`.
  ///   - queryRows: the cells whose units are queries.
  ///   - rows: the cells that profiles are made of.
  ///   - units: the field or protein of each cell; single cells where unknown.
  ///   - unitName: what a unit is.
  ///   - metric: how distances are measured.
  ///   - sampling: resamples, shuffles and their seed.
  ///   - source: what to call the cells in messages.
  ///   - workers: the threads.
  /// - Throws: `AnalysisError.noDirection`.
  public init?(
    _ embedding: Matrix, column: String, labels: Grouping, queryRows: [Int], rows: [Int],
    units: [Int], unitName: String, metric: Metric = .euclidean, sampling: Sampling = Sampling(),
    source: String, workers: Workers = Workers()
  ) throws(AnalysisError) {
    let profiles = UnitProfiles(
      embedding, labels: labels.codes, units: units, rows: rows, queryRows: Set(queryRows))
    var sizes: [Int: Int] = [:]
    for label in profiles.labels { sizes[label, default: 0] += 1 }
    let candidates = profiles.labels.indices.filter {
      profiles.isQuery[$0] && (sizes[profiles.labels[$0]] ?? 0) > 1
    }
    // The ranks of all profiles are kept for each query.
    let most = min(Self.mostQueries, max(200, Self.mostRanks / max(1, profiles.labels.count)))
    let pool = Self.pool(candidates, most: most, labels: profiles.labels, seed: sampling.seed)
    guard !pool.isEmpty, Set(profiles.units).count >= 3 else { return nil }
    let scan = try GalleryScan(
      profiles.means.selecting(pool), in: profiles.means, metric: metric, source: source,
      workers: workers)
    // The rank of every profile for each query, from 1; 0 for those of the same unit.
    let ranks = scan.map { query, distances in
      Self.ranks(distances) { profiles.units[$0] != profiles.units[pool[query]] }
    }
    let null = ProfileNull(
      ranks: ranks, pool: pool, profiles: profiles.labels.count, sampling: sampling,
      workers: workers)
    var members: [Int: [Int]] = [:]
    for (profile, label) in profiles.labels.enumerated() {
      members[label, default: []].append(profile)
    }
    var found: [(label: Int, precisions: [Double], null: [Double])] = []
    for (label, places) in Dictionary(grouping: pool.indices, by: { profiles.labels[pool[$0]] })
      .sorted(by: { $0.key < $1.key })
    {
      let own = members[label] ?? []
      let precisions = places.compactMap {
        ProfileNull.precision(of: pool[$0], among: own, ranks: ranks[$0])
      }
      guard !precisions.isEmpty else { continue }
      found.append(
        (label, precisions, null.draws(queries: precisions.count, members: own.count)))
    }
    guard !found.isEmpty else { return nil }
    let estimates = found.map { part in
      Estimate(
        part.precisions.reduce(0, +) / Double(part.precisions.count), bounds: (.nan, .nan),
        interval: "", null: part.null)
    }
    let rates = falseDiscoveryRates(estimates.map(\.pValue))
    label = column
    self.unitName = unitName
    self.profiles = profiles.labels.count
    classes = found.indices.map { place in
      ClassPrecision(
        name: labels.names[found[place].label], profiles: sizes[found[place].label] ?? 0,
        queries: found[place].precisions.count, averagePrecision: estimates[place].value,
        chance: estimates[place].chance, pValue: estimates[place].pValue,
        falseDiscoveryRate: rates[place])
    }
    let flat = found.enumerated().flatMap { place, part in part.precisions.map { (place, $0) } }
    let bounds = SamplingUnits(nil, rows: flat.count).intervals(
      resamples: sampling.resamples, seed: sampling.seed, workers: workers
    ) { drawn in
      var sums = [Double](repeating: 0, count: found.count)
      var counts = sums
      for place in drawn {
        sums[flat[place].0] += flat[place].1
        counts[flat[place].0] += 1
      }
      let means = zip(sums, counts).filter { $0.1 > 0 }.map { $0.0 / $0.1 }
      return [means.reduce(0, +) / Double(max(1, means.count))]
    }
    let count = Double(found.count)
    averagePrecision = Estimate(
      estimates.reduce(0) { $0 + $1.value } / count, bounds: bounds[0],
      interval: "bootstrap over \(unitName)",
      null: (0..<sampling.permutations).map { draw in
        found.reduce(0) { $0 + $1.null[draw % $1.null.count] } / count
      })
  }

  /// A seeded choice of query profiles, at most so many in all and of a class.
  private static func pool(
    _ candidates: [Int], most: Int, labels: [Int], seed: UInt64
  ) -> [Int] {
    var generator = SplitMix64(seed: seed, stream: 0x9A14)
    var order = candidates
    generator.shuffle(&order)
    var taken: [Int: Int] = [:]
    let turns = order.map { profile in
      taken[labels[profile], default: 0] += 1
      return (turn: taken[labels[profile]] ?? 0, profile: profile)
    }
    return turns.filter { $0.turn <= mostQueriesOfClass }
      .sorted { ($0.turn, $0.profile) < ($1.turn, $1.profile) }.prefix(most)
      .map(\.profile).sorted()
  }

  private static func ranks(
    _ distances: UnsafeBufferPointer<Float>, takesPart: (Int) -> Bool
  ) -> [Int32] {
    var ranks = [Int32](repeating: 0, count: distances.count)
    let order = distances.indices.filter(takesPart)
      .sorted { (distances[$0], $0) < (distances[$1], $1) }
    for (place, profile) in order.enumerated() { ranks[profile] = Int32(place + 1) }
    return ranks
  }
}
