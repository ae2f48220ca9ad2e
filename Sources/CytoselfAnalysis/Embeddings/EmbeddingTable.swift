public import ArrayFiles
public import Foundation

/// A column that was taken without being named.
public struct ChosenColumn: Sendable, Equatable {
  /// Its name.
  public let name: String
  /// Why it was taken, in a few words.
  public let reason: String
  /// Likelier columns that were not taken, each with the reason.
  public let passedOver: [String]
}

/// Embeddings of the same cells from several layers, with a table that says what each cell is.
///
/// A folder that `cytoself embed` wrote; or one bare npy file, whose rows are numbered.
public struct EmbeddingTable: Sendable {
  /// The folder or the file.
  public let url: URL
  /// The layers there are, sorted.
  public let layers: [String]
  /// The table of the cells; nil for a bare npy file.
  public let cells: CSVTable?

  /// Opens a folder with `cells.csv` and a `<layer>.npy` for each layer, or one npy file.
  ///
  /// - Throws: `AnalysisError.missing`, or the errors of the files.
  public init(_ url: URL) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw AnalysisError.missing(
        path: url.path,
        advice: "Give the folder that 'cytoself embed' wrote, or an .npy file [cells, ...].")
    }
    guard isFolder.boolValue else {
      self.url = url
      layers = [url.deletingPathExtension().lastPathComponent]
      cells = nil
      return
    }
    // The trailing slash distinguishes a folder called x.npy from a file.
    self.url = URL(filePath: url.path, directoryHint: .isDirectory)
    let names = try FileManager.default.contentsOfDirectory(atPath: url.path)
    layers = names.filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) }.sorted()
    guard !layers.isEmpty else {
      throw AnalysisError.missing(
        path: url.appending(path: "<layer>.npy").path,
        advice: "Give the folder that 'cytoself embed' wrote.")
    }
    let table = url.appending(path: "cells.csv")
    guard FileManager.default.fileExists(atPath: table.path) else {
      throw AnalysisError.missing(
        path: table.path,
        advice: "Give the folder that 'cytoself embed' wrote, or one .npy file alone.")
    }
    cells = try CSVTable(table)
  }

  private init(url: URL, layers: [String], cells: CSVTable) {
    self.url = url
    self.layers = layers
    self.cells = cells
  }

  /// The same embeddings with another table of the cells, a row per cell.
  ///
  /// - Throws: the errors of the file; `layer` checks the number of rows.
  public func described(by table: URL) throws -> EmbeddingTable {
    EmbeddingTable(url: url, layers: layers, cells: try CSVTable(table))
  }

  /// The layer of a name; without a name the main one (`features`, else `vqvec2`), or the only
  /// one.
  ///
  /// - Throws: `AnalysisError.badOption` listing the layers, `.mismatch` if the table has another
  ///   number of rows, and the errors of the file.
  public func layer(_ name: String? = nil) throws -> EmbeddingLayer {
    let chosen: String
    if let name, layers.contains(name) {
      chosen = name
    } else if name == nil, layers.count == 1 {
      chosen = layers[0]
    } else if name == nil, let main = ["features", "vqvec2", "vqvec"].first(where: layers.contains)
    {
      chosen = main
    } else {
      throw AnalysisError.badOption(
        name: "--layer", value: name ?? "not given",
        expected: "one of \(layers.joined(separator: ", ")), the layers in \(url.path)")
    }
    let file = !url.hasDirectoryPath ? url : url.appending(path: "\(chosen).npy")
    let layer = try EmbeddingLayer(NPYFile(file), layer: chosen)
    if let cells, cells.rowCount != layer.rows {
      throw AnalysisError.mismatch(
        what: "rows in \(cells.url.path)", found: cells.rowCount, expected: layer.rows,
        advice: cells.rowCount + 1 == layer.rows
          ? "The first line of a table is taken for the names of its columns: add one if it has none."
          : "The table and \(chosen).npy describe different cells: embed again.")
    }
    return layer
  }

  /// The place of the column that holds the ids of the cells: the one called `cell`, and no other.
  var idIndex: Int? { cells?.header.firstIndex { $0.lowercased() == "cell" } }

  /// Whether the table has ids of cells.
  public var hasIds: Bool { idIndex != nil }

  /// The ids of the cells: the column `cell` of the table, or row numbers from 0.
  public func ids(rows: Int) -> [String] {
    guard let cells, let idIndex else { return (0..<rows).map(String.init) }
    return cells.columns[idIndex].strings()
  }

  /// A label for each cell, without white space at its ends; empty where a value is missing (`nan`, `NA`,
  /// `None` and the like).
  ///
  /// - Throws: `AnalysisError.unknownColumn`, or `.missing` for a bare npy file.
  public func labels(_ column: String) throws(AnalysisError) -> [String] {
    guard let cells else {
      throw .missing(
        path: url.deletingLastPathComponent().appending(path: "cells.csv").path,
        advice: "A bare .npy file has no labels: give a folder with cells.csv beside the array.")
    }
    guard let index = cells.columnIndex(column) else {
      throw .unknownColumn(name: column, path: cells.url.path, columns: cells.header)
    }
    let values = cells.columns[index].uniqueValues.map(MissingText.label)
    return cells.columns[index].codes.map { values[Int($0)] }
  }

  /// The columns that say something about cells: all but the id and the part of the split; in a table with ids,
  /// which `embed` writes, also without the place in the crops, `source` and `row`.
  public var labelColumns: [String] {
    guard let header = cells?.header else { return [] }
    let written = Set(idIndex == nil ? ["split"] : ColumnRole.written)
    return header.indices.filter { $0 != idIndex && !written.contains(header[$0]) }
      .map { header[$0] }
  }

  /// The columns of `labelColumns` as the choice of one of them looks at them.
  private func choose(
    _ choice: ([ColumnChoice.Candidate]) -> ColumnChoice?
  ) -> ChosenColumn? {
    guard let cells else { return nil }
    let columns = labelColumns.compactMap { name in
      cells.columnIndex(name).map { cells.columns[$0] }
    }
    let found = choice(
      columns.map {
        ColumnChoice.Candidate(name: $0.name, values: $0.uniqueValues, codes: $0.codes)
      })
    return found.map { found in
      ChosenColumn(
        name: columns[found.index].name, reason: found.reason,
        passedOver: found.passedOver.map { "column \(columns[$0.index].name): \($0.reason)" })
    }
  }

  /// The column that names the protein: one called as usual, else the first that groups cells.
  public var chosenProteinColumn: ChosenColumn? { choose(ColumnChoice.protein) }

  /// The name of `chosenProteinColumn`.
  public var proteinColumn: String? { chosenProteinColumn?.name }

  /// The column that names the field of view, if one is called as usual.
  public var chosenFieldColumn: ChosenColumn? { choose(ColumnChoice.field) }

  /// The name of `chosenFieldColumn`.
  public var fieldColumn: String? { chosenFieldColumn?.name }

  /// How many cells have no value in a column.
  ///
  /// - Throws: as `labels`.
  public func missing(in column: String) throws(AnalysisError) -> Int {
    try labels(column).count(where: \.isEmpty)
  }

  /// `train`, `val` or `test` for each cell; nil without such a column.
  public var split: [String]? {
    guard let cells, let index = cells.columnIndex("split") else { return nil }
    let values = cells.columns[index].uniqueValues.map { $0.trimmingSpaces.lowercased() }
    return cells.columns[index].codes.map { values[Int($0)] }
  }
}
