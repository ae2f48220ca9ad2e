public import ArrayFiles
import Foundation

/// Embeddings of cells with all that is known about them, to be written for other programs.
public struct EmbeddingExport: Sendable {
  /// The features, a row per cell.
  public let features: EmbeddingLayer
  /// Columns of the table of the cells, without the id; empty for a bare npy file.
  public let columns: [CSVColumn]
  /// More rows for the same cells by name, such as `umap` and `pca`.
  public private(set) var matrices: [(name: String, rows: EmbeddingLayer)] = []
  /// Settings and provenance by name: JSON or plain text.
  public var notes: [(name: String, text: String)] = []
  /// 1 to 9 packs the numbers of an AnnData file; 0 does not.
  public var deflate = 0

  /// What the ids of the cells are called.
  let idName = "cell"
  /// Columns that name proteins or fields: never numbers.
  let nameColumns: Set<String>
  private let idColumn: CSVColumn?

  /// An export of one layer.
  ///
  /// - Parameters:
  ///   - features: the layer, with as many rows as the table.
  ///   - table: the embeddings with the table of the cells.
  ///   - chosen: the columns to take, in this order; nil takes all.
  /// - Throws: `AnalysisError.unknownColumn`.
  public init(
    _ features: EmbeddingLayer, of table: EmbeddingTable, columns chosen: [String]? = nil
  ) throws(AnalysisError) {
    self.features = features
    let idIndex = table.idIndex
    idColumn = idIndex.flatMap { table.cells?.columns[$0] }
    nameColumns = Set([table.proteinColumn, table.fieldColumn].compactMap { $0 })
    guard let chosen else {
      let all = table.cells?.columns ?? []
      columns = all.indices.filter { $0 != idIndex }.map { all[$0] }
      return
    }
    var columns: [CSVColumn] = []
    for name in chosen {
      guard let cells = table.cells else {
        throw .unknownColumn(name: name, path: table.url.path, columns: [])
      }
      guard let index = cells.columnIndex(name) else {
        throw .unknownColumn(name: name, path: cells.url.path, columns: cells.header)
      }
      if index != idIndex { columns.append(cells.columns[index]) }
    }
    self.columns = columns
  }

  /// Adds rows for the same cells, such as positions in a map.
  ///
  /// - Parameters:
  ///   - rows: as many as there are cells.
  ///   - name: what they are called; AnnData puts `X_` before it.
  /// - Throws: `AnalysisError.mismatch` for another number of rows, `.badOption` for a name that is
  ///   taken.
  public mutating func add(_ rows: EmbeddingLayer, as name: String) throws(AnalysisError) {
    guard rows.rows == features.rows else {
      throw .mismatch(
        what: "rows in \(rows.name)", found: rows.rows, expected: features.rows,
        advice: "It describes other cells than \(features.name).")
    }
    guard !matrices.contains(where: { $0.name == name }) else {
      throw .badOption(name: "--also", value: name, expected: "each layer once")
    }
    matrices.append((name, rows))
  }

  /// The ids of a range of cells.
  func ids(_ range: Range<Int>) -> [String] {
    range.map { row in idColumn.map { $0[row] } ?? String(row) }
  }

  /// The ids of all cells.
  var ids: [String] { idColumn?.strings() ?? (0..<features.rows).map(String.init) }

  /// Whether two cells have the same id.
  public var repeatsIds: Bool { idColumn.map { $0.uniqueCount < features.rows } ?? false }

  /// The names of the features: the layer and a number from 0, axes flattened in C order.
  var featureNames: [String] { (0..<features.columns).map { "\(features.layer)_\($0)" } }
}
