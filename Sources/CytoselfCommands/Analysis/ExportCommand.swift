public import ArgumentParser
import ArrayFiles
import CytoselfAnalysis
import Foundation
import Numerics

/// `cytoself export EMBEDDINGS --out cells.h5ad`: embeddings for scanpy, R and spreadsheets.
public struct ExportCommand: ParsableCommand {
  /// Name, summary and examples as `cytoself export --help` shows them.
  public static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write embeddings and the table of cells in formats of other programs.",
    discussion: """
      The ending of --out is the format. A .h5ad file opens with anndata.read_h5ad: X is the layer, \
      obs the columns of cells.csv, obsm the map and the components, uns["cytoself"] where it comes \
      from. A .csv file holds the columns, the map and the components; with --features the layer too. \
      A umap.npy or pca.npy in the folder of embeddings is taken along.

        cytoself export embeddings --umap map --out cells.h5ad
        cytoself export embeddings --layer vqindhist1 --features --out cells.csv
      """)

  @OptionGroup var input: EmbeddingOptions

  @Option(help: "The file to write: .h5ad or .csv.", completion: .file())
  var out: String

  @Option(help: "Another layer, which goes to obsm; may be given again.")
  var also: [String] = []

  @Option(help: "Positions in a map [cells, axes]: umap.npy, or the folder with it.")
  var umap: String?

  @Option(help: "Principal components of the cells: an .npy file [cells, components].")
  var pca: String?

  @Option(
    name: .customLong("column"),
    help: "A column of the table to take; may be given again (default: all).")
  var columns: [String] = []

  @Flag(help: "Write the layer into a .csv file too, a column for each number.")
  var features = false

  @Option(
    help: ArgumentHelp("Pack the numbers of a .h5ad file: 1 (fast) to 9.", valueName: "level"))
  var deflate = 0

  @Flag(help: "Replace the file if it is there.")
  var overwrite = false

  @Flag(help: "Print a summary as one JSON object.")
  var json = false

  /// An empty command, as the parser needs it.
  public init() {}

  /// Refuses what cannot be meant.
  public func validate() throws {
    let ending = URL(filePath: out).pathExtension.lowercased()
    guard ["h5ad", "csv"].contains(ending) else {
      throw ValidationError("--out is a .h5ad or a .csv file, and '\(out)' is neither.")
    }
    guard (0...9).contains(deflate) else {
      throw ValidationError("--deflate is 1 to 9, or 0 for none.")
    }
    guard ending == "csv" || !features else {
      throw ValidationError("--features is for .csv files; a .h5ad file has the layer as X.")
    }
    guard ending == "h5ad" || deflate == 0 else {
      throw ValidationError("--deflate is for .h5ad files.")
    }
  }

  /// Gathers what there is and writes it.
  public func run() throws {
    let target = URL(filePath: out)
    guard overwrite || !FileManager.default.fileExists(atPath: target.path) else {
      throw AnalysisError.badOption(
        name: "--out", value: out,
        expected: "a file that is not there yet; --overwrite replaces it")
    }
    let (opened, source) = try input.open()
    var export = try EmbeddingExport(
      source, of: opened, columns: columns.isEmpty ? nil : columns)
    try addRows(of: opened, to: &export)
    export.deflate = deflate
    try note(opened, in: &export)
    if export.repeatsIds {
      StandardError.warn("some cells have the same id; AnnData requires unique ids.")
    }
    if target.pathExtension.lowercased() == "csv" {
      try export.writeCSV(to: target, includesFeatures: features)
    } else {
      try export.writeAnnData(to: target)
    }
    let summary = Summary(
      out: out, layer: source.layer, cells: source.rows, features: source.columns,
      columns: export.columns.map(\.name), matrices: export.matrices.map(\.name))
    if json {
      try print(summary.jsonText())
    } else {
      print(
        "\(source.rows.counted("cell")) x \(source.columns) of \(source.layer) written to \(out)")
    }
  }

  private func addRows(of table: EmbeddingTable, to export: inout EmbeddingExport) throws {
    func found(_ name: String) -> URL? {
      table.url.hasDirectoryPath && table.layers.contains(name) && export.features.layer != name
        && !also.contains(name) ? table.url.appending(path: "\(name).npy") : nil
    }
    let map = mapFile ?? found("umap")
    for (name, file) in [("umap", map), ("pca", pca.map { URL(filePath: $0) } ?? found("pca"))] {
      guard let file else { continue }
      try export.add(EmbeddingLayer(NPYFile(file), layer: name), as: name)
    }
    for name in also { try export.add(table.layer(name), as: name) }
  }

  /// The positions that --umap names.
  private var mapFile: URL? {
    guard let umap else { return nil }
    var isFolder: ObjCBool = false
    let file = URL(filePath: umap)
    return FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder)
      && isFolder.boolValue ? file.appending(path: "umap.npy") : file
  }

  /// Records where the embeddings come from, as their manifest has it.
  private func note(_ table: EmbeddingTable, in export: inout EmbeddingExport) throws {
    export.notes = [
      ("command", CommandLine.arguments.joined(separator: " ")), ("embeddings", input.embeddings),
      ("hdf5_version", HDF5Writer.hdf5Version),
    ]
    var files = [("manifest", table.url.appending(path: "manifest.json"))]
    if let folder = mapFile?.deletingLastPathComponent() {
      files.append(("umap_settings", folder.appending(path: "map/map.json")))
    }
    for (name, file) in files where FileManager.default.fileExists(atPath: file.path) {
      export.notes.append((name, String(decoding: try Data(contentsOf: file), as: UTF8.self)))
    }
  }

  private struct Summary: Encodable {
    let out: String
    let layer: String
    let cells: Int
    let features: Int
    let columns: [String]
    let matrices: [String]
  }
}
