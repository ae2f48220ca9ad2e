import Foundation

/// Nearest neighbours by comparing every pair, as blocked matrix products.
///
/// The same rows give the same table on any number of threads.
public struct ExactNeighbors: Sendable {
  /// The metric.
  public let metric: Metric
  /// The threads.
  public let workers: Workers

  /// A search in a metric on some threads.
  public init(metric: Metric = .euclidean, workers: Workers = Workers()) {
    self.metric = metric
    self.workers = workers
  }

  /// Rows of a block: a tile of products of two blocks stays in the second-level cache.
  private static let block = 384

  /// For every row of a matrix its `count` nearest other rows.
  ///
  /// Each pair is computed once and offered to both of its rows.
  /// - Complexity: rows^2 x columns multiply-adds / 2.
  /// - Throws: `AnalysisError.tooFew` if there are not `count` other rows, `.notFinite`,
  ///   `.noDirection`.
  public func search(
    _ matrix: Matrix, count: Int, source: String = "the data"
  ) throws(AnalysisError) -> Neighbors {
    try Self.requireRows(matrix.rows - 1, count: count)
    try matrix.requireFinite(source: source)
    let prepared = try metric.prepare(matrix, source: source)
    let space = CenteredRows(prepared, means: prepared.columnMeans())
    let lists = CandidateLists(
      rows: matrix.rows, capacity: Self.capacity(count, of: matrix.rows - 1))
    let blocks = (matrix.rows + Self.block - 1) / Self.block
    // Block pairs by their distance from the diagonal: neighbouring tasks share no block.
    let pairs = (0..<blocks).flatMap { gap in (0..<blocks - gap).map { ($0, $0 + gap) } }
    let locks = (0..<blocks).map { _ in NSLock() }
    let scanners = (0..<workers.count).map { _ in TileScanner(rows: Self.block) }
    workers.forEach(pairs.count) { task, worker in
      let (first, second) = pairs[task]
      let scanner = scanners[worker]
      let rows = Self.range(first, of: matrix.rows)
      let columns = Self.range(second, of: matrix.rows)
      scanner.multiply(space, rows, space, columns)
      locks[first].lock()
      if first != second { locks[second].lock() }
      scanner.scanPairs(space, rows, columns, lists: lists)
      if first != second { locks[second].unlock() }
      locks[first].unlock()
    }
    return lists.nearest(
      count, queries: prepared, base: prepared, metric: metric, method: "exact", workers: workers)
  }

  /// For every row of `queries` its `count` nearest rows of `base`.
  ///
  /// - Throws: `AnalysisError.tooFew` if the base has fewer rows, `.mismatch` if the widths differ,
  ///   `.notFinite`, `.noDirection`.
  public func search(
    _ queries: Matrix, in base: Matrix, count: Int, source: String = "the data"
  ) throws(AnalysisError) -> Neighbors {
    try Self.requireRows(base.rows, count: count)
    try Self.requireWidth(queries, in: base, source: source)
    try queries.requireFinite(source: source)
    try base.requireFinite(source: source)
    let preparedBase = try metric.prepare(base, source: source)
    let preparedQueries = try metric.prepare(queries, source: source)
    let means = preparedBase.columnMeans()
    let baseSpace = CenteredRows(preparedBase, means: means)
    let querySpace = CenteredRows(preparedQueries, means: means)
    let lists = CandidateLists(
      rows: queries.rows, capacity: Self.capacity(count, of: base.rows))
    let scanners = (0..<workers.count).map { _ in TileScanner(rows: Self.block) }
    workers.forEachRange(of: queries.rows, size: Self.block) { rows, worker in
      for block in 0..<(base.rows + Self.block - 1) / Self.block {
        let columns = Self.range(block, of: base.rows)
        scanners[worker].multiply(querySpace, rows, baseSpace, columns)
        scanners[worker].scan(querySpace, rows, baseSpace, columns, lists: lists)
      }
    }
    return lists.nearest(
      count, queries: preparedQueries, base: preparedBase, metric: metric, method: "exact",
      workers: workers)
  }

  private static func range(_ index: Int, of rows: Int) -> Range<Int> {
    index * block..<min(rows, (index + 1) * block)
  }

  /// Keeps a few more candidates than wanted: the product's rounding may swap near ties.
  static func capacity(_ count: Int, of available: Int) -> Int {
    min(available, count + max(8, count / 4))
  }

  static func requireWidth(
    _ queries: Matrix, in base: Matrix, source: String
  ) throws(AnalysisError) {
    guard queries.columns == base.columns else {
      throw .mismatch(
        what: "columns of \(source)", found: queries.columns, expected: base.columns,
        advice: "Use the same embedding layer of the same model for both.")
    }
  }

  static func requireRows(_ found: Int, count: Int) throws(AnalysisError) {
    guard count >= 1 else {
      throw .badOption(name: "--neighbors", value: "\(count)", expected: "at least 1")
    }
    guard found >= count else {
      throw .tooFew(
        what: "rows to choose neighbours from", found: max(0, found), needed: count,
        advice: "Ask for fewer neighbours or give more cells.")
    }
  }
}
