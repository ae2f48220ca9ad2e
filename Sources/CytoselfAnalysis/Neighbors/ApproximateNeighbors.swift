import Numerics

/// Nearest neighbours in large tables.
///
/// Rows are parted into lists by the k-means of FAISS, and a search looks through the lists nearest to it
/// (J. Johnson, M. Douze and H. Jégou, "Billion-scale similarity search with GPUs", 2017).
///
/// As many lists are looked through as a sample needs to find nearly all of its true neighbours; the
/// share it found is in `Neighbors.recall`. The same rows and seed give the same table on any number of
/// threads.
public struct ApproximateNeighbors: Sendable {
  /// The metric.
  public let metric: Metric
  /// The seed of the lists and of the sample.
  public let seed: UInt64
  /// The threads.
  public let workers: Workers

  /// The share of true neighbours that a sample must find.
  public static let wantedRecall = 0.99
  /// Rows of the sample.
  public static let sampleRows = 500

  /// A search in a metric.
  ///
  /// - Parameters:
  ///   - metric: how rows are compared.
  ///   - seed: the seed of the lists and of the sample.
  ///   - workers: the threads.
  public init(metric: Metric = .euclidean, seed: UInt64 = 0, workers: Workers = Workers()) {
    self.metric = metric
    self.seed = seed
    self.workers = workers
  }

  /// For every row of a matrix its `count` nearest other rows.
  ///
  /// - Parameters:
  ///   - matrix: the rows, `[rows, columns]`.
  ///   - count: how many neighbours each gets.
  ///   - source: what to call the rows in messages.
  /// - Throws: as `ExactNeighbors.search`, and `AnalysisError.failed` where FAISS cannot finish.
  public func search(
    _ matrix: Matrix, count: Int, source: String = "the data"
  ) throws(AnalysisError) -> Neighbors {
    try ExactNeighbors.requireRows(matrix.rows - 1, count: count)
    try matrix.requireFinite(source: source)
    let rows = try metric.prepare(matrix, source: source)
    return try search(rows, in: rows, count: count, leavesOutSelf: true)
  }

  /// For every row of `queries` its `count` nearest rows of `base`.
  ///
  /// - Parameters:
  ///   - queries: the query rows, `[queries, columns]`.
  ///   - base: the rows to choose from, `[rows, columns]`.
  ///   - count: how many neighbours each gets.
  ///   - source: what to call the rows in messages.
  /// - Throws: as `ExactNeighbors.search`, and `AnalysisError.failed` where FAISS cannot finish.
  public func search(
    _ queries: Matrix, in base: Matrix, count: Int, source: String = "the data"
  ) throws(AnalysisError) -> Neighbors {
    try ExactNeighbors.requireRows(base.rows, count: count)
    try ExactNeighbors.requireWidth(queries, in: base, source: source)
    try queries.requireFinite(source: source)
    try base.requireFinite(source: source)
    let preparedBase = try metric.prepare(base, source: source)
    let preparedQueries = try metric.prepare(queries, source: source)
    return try search(preparedQueries, in: preparedBase, count: count, leavesOutSelf: false)
  }

  /// Searches prepared rows.
  private func search(
    _ queries: Matrix, in base: Matrix, count: Int, leavesOutSelf: Bool
  ) throws(AnalysisError) -> Neighbors {
    let plan = try plan(queries, in: base, count: count, leavesOutSelf: leavesOutSelf)
    let found = try plan.index.nearest(
      queries, count: count, names: leavesOutSelf ? Array(0..<queries.rows) : nil,
      probes: plan.probes, metric: metric)
    return plan.named(found)
  }

  /// For every row of a matrix its `count` nearest other rows, a block of rows at a time: the table of
  /// all of them is never in memory.
  ///
  /// - Parameters:
  ///   - matrix: the rows, `[rows, columns]`.
  ///   - count: how many neighbours each gets.
  ///   - block: rows of a block.
  ///   - source: what to call the rows in messages.
  ///   - take: is handed the rows of a block and the table of their neighbours, in order.
  /// - Throws: as `search`, and what `take` throws.
  func forEachBlock(
    of matrix: Matrix, count: Int, block: Int, source: String,
    _ take: (Range<Int>, Neighbors) throws -> Void
  ) throws {
    try ExactNeighbors.requireRows(matrix.rows - 1, count: count)
    try matrix.requireFinite(source: source)
    let rows = try metric.prepare(matrix, source: source)
    let plan = try plan(rows, in: rows, count: count, leavesOutSelf: true)
    for start in stride(from: 0, to: rows.rows, by: block) {
      let range = start..<min(rows.rows, start + block)
      let queries = Matrix(
        rows: range.count, columns: rows.columns,
        values: Array(
          rows.values[range.lowerBound * rows.columns..<range.upperBound * rows.columns]))
      let found = try plan.index.nearest(
        queries, count: count, names: Array(range), probes: plan.probes, metric: metric)
      try take(range, plan.named(found))
    }
  }

  /// Lists of rows, and how many of them a search looks through.
  private struct Plan {
    let index: InvertedLists
    let lists: Int
    let probes: Int
    let recall: Double

    /// Neighbours with the method that found them.
    func named(_ found: Neighbors) -> Neighbors {
      Neighbors(
        rows: found.rows, count: found.count, indices: found.indices, distances: found.distances,
        method: "FAISS, \(probes) of \(lists) lists", recall: recall)
    }
  }

  /// Makes the lists, and finds how many a sample of queries needs.
  private func plan(
    _ queries: Matrix, in base: Matrix, count: Int, leavesOutSelf: Bool
  ) throws(AnalysisError) -> Plan {
    let lists = max(1, min(base.rows / 16, Int(4 * Double(base.rows).squareRoot())))
    let index = try InvertedLists(base, lists: lists, seed: seed, workers: workers)
    var generator = SplitMix64(seed: seed, stream: 0xFA15)
    let sample = generator.sample(Self.sampleRows, of: queries.rows)
    let sampled = queries.selecting(sample)
    let names = leavesOutSelf ? sample : nil
    let exact = try ExactNeighbors(workers: workers)
      .search(sampled, in: base, count: count + (leavesOutSelf ? 1 : 0))
      .leavingOut(names, count: count)
    var probes = min(4, lists)
    while true {
      let found = try index.nearest(
        sampled, count: count, names: names, probes: probes, metric: .euclidean)
      let recall = found.recall(against: exact)
      if recall >= Self.wantedRecall || probes == lists {
        return Plan(index: index, lists: lists, probes: probes, recall: recall)
      }
      probes = min(2 * probes, lists)
    }
  }
}
