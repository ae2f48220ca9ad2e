/// For each row its nearest rows of a base, nearest first; ties go to the smaller row number.
public struct Neighbors: Sendable, Equatable {
  /// The number of query rows.
  public let rows: Int
  /// How many neighbours each has.
  public let count: Int
  /// Row numbers in the base, [rows, count].
  public let indices: [Int32]
  /// Distances in the metric of the search, [rows, count], ascending in a row.
  public let distances: [Float]
  /// How they were found, for the output: `exact`, or an approximate method with its settings.
  public let method: String
  /// The share of the true neighbours that an approximate search found for a sample; nil if exact.
  public let recall: Double?

  /// A table of neighbours as a search found them; each value is as the property of its name says.
  public init(
    rows: Int, count: Int, indices: [Int32], distances: [Float], method: String,
    recall: Double? = nil
  ) {
    precondition(
      indices.count == rows * count && distances.count == rows * count,
      "A table of neighbours holds rows times count indices and as many distances.")
    self.rows = rows
    self.count = count
    self.indices = indices
    self.distances = distances
    self.method = method
    self.recall = recall
  }

  /// The method, with the recall of an approximate one, for people to read.
  public var summary: String { Self.summary(method, recall: recall) }

  /// A method with its recall, as `FAISS, 4 of 1355 lists, recall 0.994`.
  ///
  /// - Parameters:
  ///   - method: how neighbours were found.
  ///   - recall: the share of the true ones, if it is not all of them.
  public static func summary(_ method: String, recall: Double?) -> String {
    guard let recall else { return method }
    return "\(method), recall \((recall * 1000).rounded(.down) / 1000)"
  }

  /// The base rows nearest to a row.
  public func indices(of row: Int) -> ArraySlice<Int32> {
    indices[row * count..<(row + 1) * count]
  }

  /// The distances of a row to its neighbours.
  public func distances(of row: Int) -> ArraySlice<Float> {
    distances[row * count..<(row + 1) * count]
  }

  /// The share of another table's neighbours that this one found too.
  public func recall(against exact: Neighbors) -> Double {
    precondition(rows == exact.rows, "Recall compares tables of the same rows.")
    guard exact.count > 0, rows > 0 else { return 1 }
    var found = 0
    for row in 0..<rows {
      let mine = Set(indices(of: row))
      for index in exact.indices(of: row) where mine.contains(index) { found += 1 }
    }
    return Double(found) / Double(exact.rows * exact.count)
  }

  /// The first `count` neighbours of each row that are not the row of its own name.
  func leavingOut(_ names: [Int]?, count: Int) -> Neighbors {
    var kept: [Int32] = []
    var lengths: [Float] = []
    for row in 0..<rows {
      let others = zip(indices(of: row), distances(of: row)).filter { index, _ in
        names.map { Int(index) != $0[row] } ?? true
      }
      for (index, distance) in others.prefix(count) {
        kept.append(index)
        lengths.append(distance)
      }
    }
    return Neighbors(rows: rows, count: count, indices: kept, distances: lengths, method: method)
  }
}
