import CFaiss
import Foundation

/// Rows parted into lists by the centre that is nearest, and a search through some of the lists.
///
/// The rows of a list lie side by side, and those that search it are compared with it together, as a
/// matrix product.
final class InvertedLists {
  private let base: Matrix
  private let workers: Workers
  private let centers: Matrix
  private let means: [Double]
  /// The rows list by list, a mean taken away.
  private let space: CenteredRows
  /// Where each list begins in `space`.
  private let starts: [Int]
  /// The base row of each row of `space`.
  private let rows: [Int32]
  /// Where each base row is in `space`.
  private let places: [Int32]

  /// FAISS takes its number of threads from the process, so one of them runs at a time.
  private static let oneAtATime = NSLock()
  /// Queries of a task: those of neighbouring lists, which look through much the same ones.
  private static let together = 256
  /// Rows of a list that are compared at once.
  private static let block = 384

  /// Parts the rows of a base.
  ///
  /// - Throws: `AnalysisError.failed` where FAISS cannot finish.
  init(_ base: Matrix, lists: Int, seed: UInt64, workers: Workers) throws(AnalysisError) {
    self.base = base
    self.workers = workers
    var found = Matrix(rows: lists, columns: base.columns)
    var message: UnsafeMutablePointer<CChar>?
    let status = Self.oneAtATime.withLock {
      cf_centers(
        base.values, Int64(base.rows), Int64(base.columns), Int64(lists), seed,
        Int32(workers.count), &found.values, &message)
    }
    guard status == 0 else {
      defer { free(message) }
      throw .failed(
        what: "The search for neighbours",
        reason: message.map { String(cString: $0) } ?? "FAISS gave no reason")
    }
    centers = found
    let nearest = try ExactNeighbors(workers: workers).search(base, in: centers, count: 1)
    let (order, starts) = Self.sorted(by: nearest.indices, groups: lists)
    rows = order
    self.starts = starts
    var places = [Int32](repeating: 0, count: base.rows)
    for (place, row) in order.enumerated() { places[Int(row)] = Int32(place) }
    self.places = places
    means = base.columnMeans()
    space = CenteredRows(base, rows: order, means: means)
  }

  /// The nearest base rows of each query, without the row of its own name.
  ///
  /// - Parameters:
  ///   - queries: `[queries, columns]`.
  ///   - count: how many each gets.
  ///   - names: the base row that each query is, if they are rows of the base.
  ///   - probes: the lists that are looked through.
  ///   - metric: what the distances are given in.
  /// - Throws: `AnalysisError`, as ``ExactNeighbors``.
  func nearest(
    _ queries: Matrix, count: Int, names: [Int]?, probes: Int, metric: Metric
  ) throws(AnalysisError) -> Neighbors {
    let probed = try ExactNeighbors(workers: workers).search(queries, in: centers, count: probes)
    let own = names == nil ? CenteredRows(queries, means: means) : space
    let homes = (0..<queries.rows).map { probed.indices[$0 * probes] }
    let turns = Self.sorted(by: homes, groups: centers.rows).order
    let found = CandidateLists(
      rows: queries.rows, capacity: ExactNeighbors.capacity(count, of: base.rows))
    let rooms = (0..<workers.count).map { _ in
      SearchRoom(queries: Self.together, block: Self.block, columns: base.columns)
    }
    workers.forEachRange(of: queries.rows, size: Self.together) { range, worker in
      // Who looks through which list, list by list.
      var visits: [(list: Int32, query: Int32)] = []
      visits.reserveCapacity(range.count * probes)
      for query in turns[range] {
        for list in probed.indices(of: Int(query)) { visits.append((list, query)) }
      }
      visits.sort { ($0.list, $0.query) < ($1.list, $1.query) }
      var first = 0
      while first < visits.count {
        let list = Int(visits[first].list)
        var end = first
        rooms[worker].clear()
        while end < visits.count, visits[end].list == visits[first].list {
          let query = Int(visits[end].query)
          rooms[worker].add(query, names.map { Int(self.places[$0[query]]) } ?? query, of: own)
          end += 1
        }
        for start in stride(from: starts[list], to: starts[list + 1], by: Self.block) {
          rooms[worker].search(
            space, start..<min(starts[list + 1], start + Self.block), called: rows, names: names,
            found)
        }
        first = end
      }
    }
    try searchEverywhere(queries, count: count, names: names, found)
    return found.nearest(
      count, queries: queries, base: base, metric: metric, method: "FAISS", workers: workers)
  }

  /// Compares queries with every row whose lists hold too few.
  private func searchEverywhere(
    _ queries: Matrix, count: Int, names: [Int]?, _ found: CandidateLists
  ) throws(AnalysisError) {
    let short = (0..<queries.rows).filter {
      found.limits[$0] == .infinity && found.candidates(of: $0).count < count
    }
    guard !short.isEmpty else { return }
    let own = names.map { names in short.map { names[$0] } }
    let all = try ExactNeighbors(workers: workers)
      .search(
        queries.selecting(short), in: base, count: min(base.rows, count + (own == nil ? 0 : 1))
      )
      .leavingOut(own, count: count)
    for (place, query) in short.enumerated() {
      found.clear(query)
      for (index, distance) in zip(all.indices(of: place), all.distances(of: place)) {
        found.offer(index, at: distance * distance, to: query)
      }
    }
  }

  /// Rows in the order of their groups, and where each group begins.
  private static func sorted(
    by groups: [Int32], groups count: Int
  ) -> (order: [Int32], starts: [Int]) {
    var starts = [Int](repeating: 0, count: count + 1)
    for group in groups { starts[Int(group) + 1] += 1 }
    for group in 0..<count { starts[group + 1] += starts[group] }
    var next = starts
    var order = [Int32](repeating: 0, count: groups.count)
    for (row, group) in groups.enumerated() {
      order[next[Int(group)]] = Int32(row)
      next[Int(group)] += 1
    }
    return (order, starts)
  }
}
