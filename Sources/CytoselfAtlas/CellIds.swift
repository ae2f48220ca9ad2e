public import ArrayFiles
public import CellData
public import CytoselfAnalysis
public import Foundation
import Numerics

/// The ids of cells in the order of some file, and how cells of two files are found in each other.
public struct CellIds: Sendable {
  /// The number of cells.
  public let count: Int
  /// Whether the ids are written somewhere; else they are numbers of rows.
  public let areNamed: Bool
  private let id: @Sendable (Int) -> String

  /// The ids in a table of embeddings; row numbers where it has none.
  public init(_ table: EmbeddingTable, rows: Int) {
    count = rows
    if let cells = table.cells, table.hasIds,
      let place = cells.header.firstIndex(where: { $0.lowercased() == "cell" })
    {
      let column = cells.columns[place]
      areNamed = true
      id = { column[$0] }
    } else {
      areNamed = false
      id = { String($0) }
    }
  }

  /// The ids of the crops of a data set.
  public init(_ crops: CellDataSet) {
    count = crops.count
    areNamed = true
    id = { crops.cell($0) }
  }

  /// The first column of a table that a command wrote.
  ///
  /// - Throws: `ArrayFileError`.
  public init(table url: URL) throws(ArrayFileError) {
    let table = try CSVTable(url)
    let column = table.columns[table.columnIndex("cell") ?? 0]
    count = table.rowCount
    areNamed = true
    id = { column[$0] }
  }

  /// The id of a row.
  public subscript(row: Int) -> String { id(row) }

  /// The row of each of these cells in another file; nil where all are in the same rows there.
  ///
  /// - Parameters:
  ///   - others: the ids in the other file.
  ///   - path: what it is called.
  /// - Throws: `AnalysisError.badFile` with the number of cells that are missing there and some of their
  ///   ids, or for an id that is there twice.
  func rows(in others: CellIds, called path: String) throws(AnalysisError) -> [Int32]? {
    if count == others.count, (0..<count).allSatisfy({ self[$0] == others[$0] }) { return nil }
    var places: [String: Int32] = [:]
    places.reserveCapacity(others.count)
    for row in 0..<others.count {
      let id = others[row]
      guard places.updateValue(Int32(row), forKey: id) == nil else {
        throw .badFile(
          path: path, problem: "the cell '\(id)' is there twice, so that rows cannot be told apart",
          expected: "an id of its own for each cell")
      }
    }
    var rows: [Int32] = []
    rows.reserveCapacity(count)
    var missing: [String] = []
    for row in 0..<count {
      let id = self[row]
      if let place = places[id] { rows.append(place) } else { missing.append(id) }
    }
    guard missing.isEmpty else {
      let extra = Self.firstStrangers(in: others, to: self)
      throw .badFile(
        path: path,
        problem: "\(missing.count) of \(count.counted("cell")) of the embeddings are not there, "
          + "such as '\(missing.prefix(3).joined(separator: "', '"))'"
          + (extra.isEmpty
            ? "" : ", while it has others, such as '\(extra.joined(separator: "', '"))'"),
        expected: "the same cells, found by their ids")
    }
    return rows
  }

  /// Up to three ids that are in one file alone.
  private static func firstStrangers(in others: CellIds, to own: CellIds) -> [String] {
    let known = Set((0..<own.count).map { own[$0] })
    return Array(
      (0..<others.count).lazy.map { others[$0] }.filter { !known.contains($0) }.prefix(3))
  }
}
