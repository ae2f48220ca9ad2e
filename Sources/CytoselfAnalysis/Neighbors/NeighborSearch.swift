/// Nearest neighbours by the method that suits the size.
public struct NeighborSearch: Sendable {
  /// The metric.
  public let metric: Metric
  /// The seed of an approximate search.
  public let seed: UInt64
  /// The threads.
  public let workers: Workers

  /// A search in a metric.
  public init(metric: Metric = .euclidean, seed: UInt64 = 0, workers: Workers = Workers()) {
    self.metric = metric
    self.seed = seed
    self.workers = workers
  }

  /// For every row its `count` nearest other rows.
  ///
  /// - Throws: as `ExactNeighbors.search`.
  public func search(
    _ matrix: Matrix, count: Int, source: String = "the data"
  ) throws(AnalysisError) -> Neighbors {
    try ExactNeighbors(metric: metric, workers: workers).search(
      matrix, count: count, source: source)
  }

  /// For every row of `queries` its `count` nearest rows of `base`.
  ///
  /// - Throws: as `ExactNeighbors.search`.
  public func search(
    _ queries: Matrix, in base: Matrix, count: Int, source: String = "the data"
  ) throws(AnalysisError) -> Neighbors {
    try ExactNeighbors(metric: metric, workers: workers).search(
      queries, in: base, count: count, source: source)
  }
}
