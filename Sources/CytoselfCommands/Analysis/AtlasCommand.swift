public import ArgumentParser
import ArrayFiles
import CellData
import CytoselfAnalysis
import CytoselfAtlas
import Foundation
import Numerics

/// `cytoself atlas EMBEDDINGS --umap MAP --out ATLAS`: a map of cells and proteins to walk in.
public struct AtlasCommand: AsyncParsableCommand {
  /// Name, summary and examples as `cytoself atlas --help` shows them.
  public static let configuration = CommandConfiguration(
    commandName: "atlas",
    abstract: "Make a folder for the browser: maps, pictures, neighbours and labels of all cells.",
    discussion: """
      EMBEDDINGS is a folder that 'cytoself embed' wrote, MAP one that 'cytoself umap' wrote. Open \
      ATLAS/index.html: it needs no server and no network, and the folder can be sent to others or put on \
      any web host. Cells are joined by their ids. --serve shows it at an address on this machine until \
      ctrl-C, for browsers that refuse pages from disk; with --serve alone, EMBEDDINGS is an atlas that is \
      there already.

        cytoself atlas embeddings --umap map --crops cells --out atlas
        cytoself atlas embeddings --layer features --layer vqvec2 --umap map --umap map3d --out atlas
        cytoself atlas atlas --serve
      """)

  @Argument(help: "A folder of embeddings, or one .npy file; with --serve alone, an atlas.")
  var embeddings: String

  @Option(
    name: .customLong("layer"),
    help: """
      A layer in which cells have neighbours; may be given again (default: features, else vqvec2, or the \
      only one).
      """)
  var layers: [String] = []

  @Option(help: "A table with a row per cell, in place of cells.csv.")
  var table: String?

  @Option(
    name: .customLong("umap"),
    help: "A map of the cells, 2-D or 3-D: umap.npy, or the folder with it; may be given again.")
  var maps: [String] = []

  @Option(help: "The folder to write.")
  var out: String?

  @Option(help: "The crops of the cells, for pictures: a folder in any layout or one .npy.")
  var crops: String?

  @OptionGroup var data: DataOptions

  @Option(
    help: """
      The most cells with a picture, about 2 KB each for two channels; of more they are taken at random, \
      each protein in turn.
      """)
  var pictures = 200_000

  @Option(
    help: ArgumentHelp(
      "Pixels of a side of a picture, a multiple of 8 (default: that of the crops, at most 48).",
      valueName: "pixels"))
  var pictureSize: Int?

  @Option(
    help:
      "Feature spectra in the order of this folder of 'cytoself spectrum', or its leaf_order.npy.")
  var spectrum: String?

  @Option(
    help: "The layer of codes for --spectrum (default: vqindhist1, vqindhist, vqind1 or vqind).")
  var spectrumLayer: String?

  @Option(help: "Show these scores: a folder that 'cytoself score --out' wrote.")
  var scores: String?

  @Option(help: "Show these clusters: a folder that 'cytoself cluster' wrote.")
  var clusters: String?

  @Option(help: "The title of the page.")
  var title: String?

  @Flag(help: "Show the atlas at an address on this machine until ctrl-C.")
  var serve = false

  @Option(help: "The port of --serve; 0 takes a free one.")
  var port: UInt16 = 0

  @OptionGroup var threading: ThreadOptions

  @Flag(help: "Print a summary as one JSON object.")
  var json = false

  /// An empty command, as the parser needs it.
  public init() {}

  /// Refuses what cannot be meant.
  public func validate() throws {
    guard out != nil || serve else {
      throw ValidationError("Missing expected argument '--out <out>'")
    }
    guard serve || port == 0 else { throw ValidationError("--port needs --serve.") }
    guard out != nil || (maps.isEmpty && crops == nil) else {
      throw ValidationError(
        "--umap and --crops make an atlas: give --out, the folder to write. With --serve alone an "
          + "atlas is shown that is there already.")
    }
    guard out == nil || !maps.isEmpty else {
      throw ValidationError("An atlas needs a map: --umap, the folder that 'cytoself umap' wrote.")
    }
    guard pictures >= 1 else { throw ValidationError("--pictures is 1 or more.") }
    if let size = pictureSize, !CropSheets.sides.contains(size) || size % 8 != 0 {
      throw ValidationError(
        "--picture-size is a multiple of 8 from \(CropSheets.sides.lowerBound) to "
          + "\(CropSheets.sides.upperBound).")
    }
    guard crops != nil || !data.readsCrops else {
      throw ValidationError("The options of crops, such as --channels, need --crops.")
    }
    guard spectrum != nil || spectrumLayer == nil else {
      throw ValidationError("--spectrum-layer needs --spectrum, the order of features.")
    }
  }

  /// Makes the atlas, and shows it where that is wanted.
  public func run() async throws {
    var shown = URL(filePath: embeddings, directoryHint: .isDirectory)
    if let out {
      shown = URL(filePath: out, directoryHint: .isDirectory)
      try make(at: shown)
    }
    guard serve else { return }
    let server = try AtlasServer(shown, port: port)
    try await server.run { address in
      print("\(address.absoluteString)  (ctrl-C ends it)")
      _ = StandardOutput.flush()
    }
  }

  private func make(at target: URL) throws {
    let start = ContinuousClock().now
    let atlas = try gather()
    try atlas.write(to: target, workers: threading.workers) { StandardError.warn($0) }
    let seconds = (ContinuousClock().now - start) / .seconds(1)
    let bytes = Self.byteCount(of: target)
    let summary = Summary(
      out: out ?? "", cells: atlas.cells.count, maps: atlas.maps.map(\.name),
      layers: atlas.layers.map(\.layer), bytes: bytes, seconds: seconds)
    if json {
      try print(summary.jsonText())
    } else {
      print(
        "\(summary.cells.counted("cell")) on \(summary.maps.count.counted("map")) in "
          + "\(seconds.decimals(1)) s, \((Double(bytes) / 1e6).shortText) MB: open "
          + target.appending(path: "index.html").path(percentEncoded: false))
    }
  }

  private func gather() throws -> Atlas {
    var opened = try EmbeddingTable(URL(filePath: embeddings))
    if let table { opened = try opened.described(by: URL(filePath: table)) }
    let layers =
      try self.layers.isEmpty
      ? [opened.layer()] : self.layers.map { try opened.layer($0) }
    let ids = CellIds(opened, rows: layers[0].rows)
    let maps = try self.maps.map { try AtlasMap(contentsOf: $0, of: ids) }
    let name = opened.url.lastPathComponent
    var atlas = try Atlas(opened, layers: layers, maps: maps, title: title ?? "Atlas of \(name)")
    atlas.proteinColumn = data.labelColumn ?? opened.sayingProteinColumn(option: "--label-column")
    atlas.fieldColumn = data.fieldColumn ?? opened.fieldColumn
    atlas.sheets = try crops.map {
      CropSheets(
        try CellDataSet(URL(filePath: $0), options: data.optionsOfCrops()), side: pictureSize,
        most: pictures)
    }
    atlas.spectra = try spectrum.map { try spectra(in: $0, of: opened) }
    atlas.scores = try scores.map { try AtlasScores(folder: URL(filePath: $0)) }
    atlas.clusters = try clusters.map { try AtlasClusters(folder: URL(filePath: $0)) }
    // Labels look as they do in the figures of the map.
    let palette = URL(filePath: self.maps[0]).appending(path: "palette.csv").path
    if FileManager.default.fileExists(atPath: palette) {
      atlas.palette = try MapColoring.groups(inPalette: palette)
    }
    return atlas
  }

  private func spectra(in path: String, of table: EmbeddingTable) throws -> CellSpectra {
    let layer = try SpectrumSource.layer(spectrumLayer, of: table)
    let codes = try CodeLayer(
      layer, holdsCodes: layer.layer.hasPrefix("vqind") && !layer.layer.hasPrefix("vqindhist"))
    var isFolder: ObjCBool = false
    let url = URL(filePath: path)
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw AnalysisError.missing(
        path: path, advice: "Give the folder that 'cytoself spectrum' wrote, or its leaf_order.npy."
      )
    }
    let file = isFolder.boolValue ? url.appending(path: "leaf_order.npy") : url
    return CellSpectra(
      codes, order: try FeatureOrder(contentsOf: file, count: codes.codes),
      source: url.standardizedFileURL.lastPathComponent)
  }

  private static func byteCount(of folder: URL) -> Int {
    let files = FileManager.default.enumerator(
      at: folder, includingPropertiesForKeys: [.fileSizeKey])
    return (files?.compactMap { $0 as? URL } ?? []).reduce(0) {
      $0 + ((try? $1.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0)
    }
  }

  private struct Summary: Encodable {
    let out: String
    let cells: Int
    let maps: [String]
    let layers: [String]
    let bytes: Int
    let seconds: Double
  }
}
