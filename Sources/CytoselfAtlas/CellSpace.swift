import CytoselfAnalysis
import Foundation

/// The cells as directions in the space of one layer, in the order of the atlas.
///
/// The mean of all cells is taken away, and a layer of many columns is reduced to its principal
/// components; what cells have in common then makes none of them similar. Similarity is the cosine.
struct CellSpace {
  /// The name of the layer.
  let name: String
  /// The columns of the layer.
  let columns: Int
  /// The principal components that are left; nil where all columns are.
  let components: Int?
  /// A row of unit length for each cell, or of zeros where a cell is the mean itself.
  private(set) var directions: Matrix
  /// The length of each row before it was one: the distance from the mean of all cells.
  private(set) var lengths: [Float]

  /// Numbers that are held at most: 128 MB.
  private static let mostNumbers = 1 << 25

  /// The columns that so many cells may have.
  static func width(of rows: Int) -> Int { min(64, max(16, mostNumbers / max(1, rows))) }

  /// Reads a layer.
  ///
  /// - Parameters:
  ///   - layer: the layer.
  ///   - order: the row of each cell of the atlas.
  ///   - workers: the threads.
  /// - Throws: `AnalysisError` for numbers that are not finite, the errors of files.
  init(_ layer: EmbeddingLayer, order: [Int32], workers: Workers) throws {
    name = layer.layer
    columns = layer.columns
    try layer.requireFinite()
    let width = Self.width(of: layer.rows)
    var rows: Matrix
    if layer.columns > width {
      let reduction = try PrincipalComponents(layer, count: width, passes: 3, workers: workers)
      rows = try reduction.transform(layer, workers: workers)
      components = rows.columns
    } else {
      rows = try layer.matrix()
      components = nil
      let means = rows.columnMeans().map { Float($0) }
      for index in rows.values.indices { rows.values[index] -= means[index % means.count] }
    }
    directions = Matrix(rows: rows.rows, columns: rows.columns)
    lengths = [Float](repeating: 0, count: rows.rows)
    for (place, row) in order.enumerated() {
      let cell = rows[row: Int(row)]
      let length = cell.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
      lengths[place] = length
      guard length > 0 else { continue }
      for (column, value) in cell.enumerated() { directions[place, column] = value / length }
    }
  }

  /// Hands over the nearest other cells of each, and their similarities, some cells at a time.
  ///
  /// - Parameters:
  ///   - count: how many each gets.
  ///   - take: is handed rows of the atlas, and for each so many rows and similarities from -1 to 1.
  /// - Returns: the method of the search, and its recall if it is approximate.
  func forEachBlock(
    count: Int, workers: Workers,
    _ take: (_ rows: Range<Int>, _ cells: [Int32], _ similarities: [Float]) throws -> Void
  ) throws -> (method: String, recall: Double?) {
    var found: (String, Double?) = ("exact", nil)
    try NeighborSearch(workers: workers).forEachBlock(
      of: directions, count: count, block: AtlasFolder.block, source: name
    ) { rows, neighbors in
      found = (neighbors.method, neighbors.recall)
      // Of unit rows a and b, |a - b|^2 = 2 - 2 a.b.
      try take(rows, neighbors.indices, neighbors.distances.map { 1 - $0 * $0 / 2 })
    }
    return found
  }

  /// The mean of the cells of each group, before they were made unit rows, `[groups, columns]`.
  ///
  /// - Parameters:
  ///   - codes: the group of each cell; one that is not below `groups` is in none.
  ///   - groups: how many there are.
  func means(of codes: [UInt16], groups: Int) -> Matrix {
    let width = directions.columns
    var sums = [Double](repeating: 0, count: groups * width)
    var counts = [Int](repeating: 0, count: groups)
    for (row, code) in codes.enumerated() where Int(code) < groups {
      counts[Int(code)] += 1
      for column in 0..<width {
        sums[Int(code) * width + column] += Double(directions[row, column] * lengths[row])
      }
    }
    return Matrix(
      rows: groups, columns: width,
      values: sums.indices.map { Float(sums[$0] / Double(max(1, counts[$0 / width]))) })
  }

  /// The distance of each cell from the mean of its group; not a number for one in none.
  func distances(to means: Matrix, of codes: [UInt16]) -> [Float] {
    codes.enumerated().map { row, code in
      guard Int(code) < means.rows else { return .nan }
      var sum: Float = 0
      for column in 0..<means.columns {
        let difference = directions[row, column] * lengths[row] - means[Int(code), column]
        sum += difference * difference
      }
      return sum.squareRoot()
    }
  }

  /// The groups nearest to each by the cosine of their means, `count` for each, nearest first.
  ///
  /// - Throws: `AnalysisError`.
  static func nearest(
    _ means: Matrix, count: Int, workers: Workers
  ) throws(AnalysisError) -> [(groups: [Int], similarities: [Float])] {
    guard count > 0 else { return (0..<means.rows).map { _ in ([], []) } }
    var unit = means
    for row in 0..<means.rows {
      let length = means[row: row].reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { continue }
      for column in 0..<means.columns { unit[row, column] = means[row, column] / length }
    }
    let found = try ExactNeighbors(workers: workers).search(unit, count: count)
    return (0..<means.rows).map { row in
      (found.indices(of: row).map(Int.init), found.distances(of: row).map { 1 - $0 * $0 / 2 })
    }
  }
}
