public import ArrayFiles
public import Foundation

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
        advice: "The table and \(chosen).npy describe different cells: embed again.")
    }
    return layer
  }

  /// The ids of the cells: the first column of the table, or row numbers.
  public func ids(rows: Int) -> [String] {
    guard let cells, let first = cells.columns.first else { return (0..<rows).map(String.init) }
    return first.strings()
  }

  /// A label for each cell.
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
    return cells.columns[index].strings()
  }

  /// The columns between the id and `split`: the labels of the data set.
  public var labelColumns: [String] {
    guard let header = cells?.header else { return [] }
    let written = Set(["split", "source", "row"])
    return header.dropFirst().filter { !written.contains($0) }
  }

  /// The column that names the protein: one called as usual, else the first label column.
  public var proteinColumn: String? {
    let usual = ["protein", "name", "gene", "gene_name", "protein_name", "label"]
    return usual.lazy.compactMap { name in
      labelColumns.first { $0.lowercased() == name }
    }.first ?? labelColumns.first
  }

  /// The column that names the field of view, if one is called as usual.
  public var fieldColumn: String? {
    let usual = ["fov_id", "fov", "field", "field_id", "fovid", "field_of_view", "site"]
    return cells?.header.first { usual.contains($0.lowercased()) }
  }

  /// `train`, `val` or `test` for each cell; nil without such a column.
  public var split: [String]? {
    guard let cells, let index = cells.columnIndex("split") else { return nil }
    return cells.columns[index].strings()
  }
}
