/// Nearest neighbours by the method that suits the size: exact while that takes seconds, else
/// approximate, as `Neighbors.method` says.
public struct NeighborSearch: Sendable {
  /// The metric.
  public let metric: Metric
  /// The seed of an approximate search.
  public let seed: UInt64
  /// The threads.
  public let workers: Workers
  /// Multiply-adds up to which every pair is compared.
  public let mostExactWork: Double

  /// Compares every pair up to 5 x 10^11 multiply-adds: 70,000 rows of 200 columns, or some seconds.
  public static let usualExactWork = 5e11

  /// A search in a metric.
  ///
  /// - Parameters:
  ///   - metric: how rows are compared.
  ///   - seed: the seed of an approximate search.
  ///   - mostExactWork: multiply-adds up to which every pair is compared.
  ///   - workers: the threads.
  public init(
    metric: Metric = .euclidean, seed: UInt64 = 0,
    mostExactWork: Double = NeighborSearch.usualExactWork, workers: Workers = Workers()
  ) {
    self.metric = metric
    self.seed = seed
    self.mostExactWork = mostExactWork
    self.workers = workers
  }

  /// For every row its `count` nearest other rows.
  ///
  /// - Parameters:
  ///   - matrix: the rows, `[rows, columns]`.
  ///   - count: how many neighbours each gets.
  ///   - source: what to call the rows in messages.
  /// - Throws: as `ExactNeighbors.search` and `ApproximateNeighbors.search`.
  public func search(
    _ matrix: Matrix, count: Int, source: String = "the data"
  ) throws(AnalysisError) -> Neighbors {
    let work = Double(matrix.rows) * Double(matrix.rows) * Double(matrix.columns) / 2
    guard work > mostExactWork else {
      return try ExactNeighbors(metric: metric, workers: workers).search(
        matrix, count: count, source: source)
    }
    return try ApproximateNeighbors(metric: metric, seed: seed, workers: workers).search(
      matrix, count: count, source: source)
  }

  /// For every row its `count` nearest other rows, handed over a block of rows at a time where there are many.
  ///
  /// - Parameters:
  ///   - matrix: the rows, `[rows, columns]`.
  ///   - count: how many neighbours each gets.
  ///   - block: rows of a block of an approximate search; an exact one hands over all at once.
  ///   - source: what to call the rows in messages.
  ///   - take: is handed the rows of a block and the table of their neighbours, in order.
  /// - Throws: as `ExactNeighbors.search` and `ApproximateNeighbors.search`, and what `take` throws.
  public func forEachBlock(
    of matrix: Matrix, count: Int, block: Int = 65_536, source: String = "the data",
    _ take: (_ rows: Range<Int>, _ neighbors: Neighbors) throws -> Void
  ) throws {
    let work = Double(matrix.rows) * Double(matrix.rows) * Double(matrix.columns) / 2
    guard work > mostExactWork else {
      let found = try ExactNeighbors(metric: metric, workers: workers).search(
        matrix, count: count, source: source)
      return try take(0..<matrix.rows, found)
    }
    try ApproximateNeighbors(metric: metric, seed: seed, workers: workers).forEachBlock(
      of: matrix, count: count, block: block, source: source, take)
  }

  /// For every row of `queries` its `count` nearest rows of `base`.
  ///
  /// - Parameters:
  ///   - queries: the query rows, `[queries, columns]`.
  ///   - base: the rows to choose from, `[rows, columns]`.
  ///   - count: how many neighbours each gets.
  ///   - source: what to call the rows in messages.
  /// - Throws: as `ExactNeighbors.search` and `ApproximateNeighbors.search`.
  public func search(
    _ queries: Matrix, in base: Matrix, count: Int, source: String = "the data"
  ) throws(AnalysisError) -> Neighbors {
    let work = Double(queries.rows) * Double(base.rows) * Double(base.columns)
    guard work > mostExactWork else {
      return try ExactNeighbors(metric: metric, workers: workers).search(
        queries, in: base, count: count, source: source)
    }
    return try ApproximateNeighbors(metric: metric, seed: seed, workers: workers).search(
      queries, in: base, count: count, source: source)
  }
}
