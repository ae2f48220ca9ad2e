import Numerics

/// The mean average precision of rankings when labels are shuffled: the null of a retrieval.
///
/// Rankings are made once, of a sample of cells, and every shuffle of the labels is read from them.
/// The observed labels are read from the same rankings, so the p value is exact for the sample.
struct ShuffledRanking {
  /// What was shuffled: `fields`, `proteins` or `cells`.
  let shuffled: String
  /// The 95th percentile of the shuffles.
  let high: Double
  /// The share of shuffles, the observed labels among them, with at least the observed score.
  let pValue: Double

  /// The most query cells.
  private static let mostQueries = 300
  /// The most cells that are ranked.
  private static let mostRows = 3000

  init(
    _ embedding: Matrix, labels: [Int], queryRows: [Int], rows: [Int], units: [Int]?, own: [Int],
    unitName: String, settings: Retrieval.Settings, source: String, workers: Workers
  ) throws(AnalysisError) {
    let sampling = settings.sampling
    var generator = SplitMix64(seed: sampling.seed, stream: 0x9A12)
    let queries = generator.sample(Self.mostQueries, of: queryRows.count).map { queryRows[$0] }
    let gallery = generator.sample(Self.mostRows, of: rows.count).map { rows[$0] }
    let scan = try GalleryScan(
      embedding.selecting(queries), in: embedding.selecting(gallery), metric: settings.metric,
      source: source, workers: workers)
    let orders = scan.map { query, distances in
      distances.indices.filter { own[gallery[$0]] != own[queries[query]] }
        .sorted { (distances[$0], $0) < (distances[$1], $1) }.map { Int32($0) }
    }
    // Cells that take part, and the unit whose label each has.
    let present = Set(queries + gallery).sorted()
    var places = [Int](repeating: -1, count: embedding.rows)
    for (place, row) in present.enumerated() { places[row] = place }
    let exchanged = SamplingUnits(
      units.map { units in present.map { units[$0] } }, rows: present.count, name: unitName
    ).pure(present.map { labels[$0] })
    var unitOf = [Int](repeating: 0, count: present.count)
    for (unit, members) in exchanged.members.enumerated() {
      for place in members { unitOf[place] = unit }
    }
    let unitLabels = exchanged.members.map { labels[present[$0[0]]] }
    let galleryUnits = gallery.map { unitOf[places[$0]] }
    let queryUnits = queries.map { unitOf[places[$0]] }

    func score(_ labels: [Int]) -> Double {
      let known = galleryUnits.map { Int32(labels[$0]) }
      var (sum, count) = (0.0, 0)
      for (query, order) in orders.enumerated() {
        let label = Int32(labels[queryUnits[query]])
        var precision = AveragePrecision()
        for (place, row) in order.enumerated() where known[Int(row)] == label {
          precision.add(rank: place + 1)
        }
        guard let value = precision.value else { continue }
        sum += value
        count += 1
      }
      return count > 0 ? sum / Double(count) : 0
    }
    let null = workers.map(sampling.permutations) { permutation in
      var generator = SplitMix64(
        seed: sampling.seed, stream: 0x9A13_0000 + UInt64(permutation))
      var labels = unitLabels
      generator.shuffle(&labels)
      return score(labels)
    }
    let estimate = Estimate(
      score(unitLabels), bounds: (.nan, .nan), interval: "", null: null)
    shuffled = exchanged.name
    high = estimate.nullHigh
    pValue = estimate.pValue
  }
}
