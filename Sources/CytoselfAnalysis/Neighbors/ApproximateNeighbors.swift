import CFaiss
import Foundation

/// Nearest neighbours in large tables, by FAISS.
///
/// Rows are parted into lists by k-means, and a search looks through the lists nearest to it
/// (J. Johnson, M. Douze and H. Jégou, "Billion-scale similarity search with GPUs", 2017).
///
/// As many lists are looked through as a sample needs to find nearly all of its true neighbours; the
/// share it found is in `Neighbors.recall`. The same rows, seed and number of threads give the same
/// table.
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
  /// Rows searched at once, which bounds the memory of the answers.
  private static let blockRows = 1 << 16
  /// FAISS takes its number of threads from the process, so one search runs at a time.
  private static let oneAtATime = NSLock()

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
  ///   - queries: the rows that ask, `[queries, columns]`.
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
    Self.oneAtATime.lock()
    defer { Self.oneAtATime.unlock() }
    let lists = max(1, min(base.rows / 16, Int(4 * Double(base.rows).squareRoot())))
    let index = try InvertedLists(base, lists: lists, seed: seed, threads: workers.count)
    var generator = SeededGenerator(seed: seed, stream: 0xFA15)
    let sample = generator.sample(Self.sampleRows, of: queries.rows)
    let asked = queries.selecting(sample)
    let names = leavesOutSelf ? sample : nil
    let exact = try ExactNeighbors(workers: workers)
      .search(asked, in: base, count: count + (leavesOutSelf ? 1 : 0))
      .leavingOut(names, count: count)
    var probes = min(4, lists)
    var recall = 0.0
    while true {
      let found = try index.nearest(
        asked, count: count, names: names, probes: probes, metric: .euclidean)
      recall = found.recall(against: exact)
      if recall >= Self.wantedRecall || probes == lists { break }
      probes = min(2 * probes, lists)
    }
    var indices: [Int32] = []
    var distances: [Float] = []
    indices.reserveCapacity(queries.rows * count)
    distances.reserveCapacity(queries.rows * count)
    for start in stride(from: 0, to: queries.rows, by: Self.blockRows) {
      let range = start..<min(queries.rows, start + Self.blockRows)
      let part = try index.nearest(
        queries.selecting(Array(range)), count: count, names: leavesOutSelf ? Array(range) : nil,
        probes: probes, metric: metric)
      indices += part.indices
      distances += part.distances
    }
    return Neighbors(
      rows: queries.rows, count: count, indices: indices, distances: distances,
      method: "FAISS, \(probes) of \(lists) lists", recall: recall)
  }
}

/// An index of FAISS and the rows it was made of.
private final class InvertedLists {
  private let base: Matrix
  private let lists: Int
  private let threads: Int32
  private var index: OpaquePointer?

  init(_ base: Matrix, lists: Int, seed: UInt64, threads: Int) throws(AnalysisError) {
    self.base = base
    self.lists = lists
    self.threads = Int32(threads)
    var message: UnsafeMutablePointer<CChar>?
    let status = cf_build(
      base.values, Int64(base.rows), Int64(base.columns), Int64(lists), seed, self.threads, &index,
      &message)
    try Self.check(status, message)
  }

  deinit { cf_free(index) }

  /// The nearest base rows of each query, without the row of its own name.
  func nearest(
    _ queries: Matrix, count: Int, names: [Int]?, probes: Int, metric: Metric
  ) throws(AnalysisError) -> Neighbors {
    let asked = min(base.rows, count + (names == nil ? 0 : 1))
    var found = [Int64](repeating: -1, count: queries.rows * asked)
    var squares = [Float](repeating: 0, count: queries.rows * asked)
    var message: UnsafeMutablePointer<CChar>?
    let status = cf_search(
      index, queries.values, Int64(queries.rows), Int64(asked), Int64(probes), threads, &found,
      &squares, &message)
    try Self.check(status, message)
    var indices: [Int32] = []
    var distances: [Float] = []
    indices.reserveCapacity(queries.rows * count)
    distances.reserveCapacity(queries.rows * count)
    for row in 0..<queries.rows {
      var pairs: [(square: Float, index: Int32)] = []
      for place in row * asked..<(row + 1) * asked where found[place] >= 0 {
        if let names, found[place] == names[row] { continue }
        pairs.append((squares[place], Int32(found[place])))
      }
      guard pairs.count >= count else {
        // The lists it looked through hold too few rows: look through all of them.
        precondition(probes < lists, "All lists together hold every row.")
        let all = try nearest(
          queries.selecting([row]), count: count, names: names.map { [$0[row]] }, probes: lists,
          metric: metric)
        indices += all.indices
        distances += all.distances
        continue
      }
      pairs.sort { ($0.square, $0.index) < ($1.square, $1.index) }
      for pair in pairs.prefix(count) {
        indices.append(pair.index)
        distances.append(metric.distance(fromSquared: pair.square))
      }
    }
    return Neighbors(
      rows: queries.rows, count: count, indices: indices, distances: distances, method: "FAISS")
  }

  private static func check(
    _ status: Int32, _ message: UnsafeMutablePointer<CChar>?
  ) throws(AnalysisError) {
    guard status != 0 else { return }
    defer { free(message) }
    throw .failed(
      what: "The search for neighbours",
      reason: message.map { String(cString: $0) } ?? "FAISS gave no reason")
  }
}
