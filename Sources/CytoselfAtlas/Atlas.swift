import ArrayFiles
public import CytoselfAnalysis
public import Foundation
import JobControl

/// A map of cells and proteins to walk in, as one folder for the browser.
///
/// The folder needs no server and no network. Cells are joined by their ids; the same input gives the
/// same bytes on any number of threads; nothing is left under the folder's name unless it is whole.
/// Memory holds the directions of the cells in one layer, at most 256 MB of them, and a few numbers a cell.
public struct Atlas {
  /// Nearest cells and nearest proteins that are kept of each.
  static let neighbors = 20

  /// The title of the page.
  public var title: String
  /// The embeddings.
  public let table: EmbeddingTable
  /// The layers in which cells have neighbours.
  public let layers: [EmbeddingLayer]
  /// The maps; the first gives the order of the atlas.
  public let maps: [AtlasMap]
  /// The ids of the cells.
  public let cells: CellIds
  /// The column that names the protein, if there is one.
  public var proteinColumn: String?
  /// The column that names the field of view, if there is one.
  public var fieldColumn: String?
  /// Pictures of the cells.
  public var sheets: CropSheets?
  /// Feature spectra of the cells.
  public var spectra: CellSpectra?
  /// What `cytoself score` measured.
  public var scores: AtlasScores?
  /// What `cytoself cluster` found.
  public var clusters: AtlasClusters?
  /// Labels of a column that have their colours already, as in the figures of a map.
  public var palette: [String: [String]] = [:]

  /// An atlas of embeddings.
  ///
  /// - Parameters:
  ///   - table: the embeddings.
  ///   - layers: the layers in which cells have neighbours, one or more.
  ///   - maps: maps of the same cells, one or more.
  ///   - title: the title of the page.
  /// - Throws: `AnalysisError.mismatch` for a map of another number of cells, `.tooFew` for a single cell.
  public init(
    _ table: EmbeddingTable, layers: [EmbeddingLayer], maps: [AtlasMap], title: String
  ) throws(AnalysisError) {
    precondition(!layers.isEmpty && !maps.isEmpty, "An atlas has a layer and a map.")
    let rows = layers[0].rows
    guard rows > 1 else {
      throw .tooFew(
        what: "cells in \(layers[0].name)", found: rows, needed: 2, advice: "Give more cells.")
    }
    for map in maps where map.positions.rows != rows {
      throw .mismatch(
        what: "cells of the map \(map.name)", found: map.positions.rows, expected: rows,
        advice: "The map must be one of the same cells.")
    }
    self.table = table
    self.layers = layers
    self.maps = maps
    self.title = title
    cells = CellIds(table, rows: rows)
    proteinColumn = table.proteinColumn
    fieldColumn = table.fieldColumn
  }

  /// Writes the folder.
  ///
  /// - Parameters:
  ///   - target: its name; it must not be there, or be empty.
  ///   - workers: the threads.
  ///   - warn: is told in a sentence what is left out.
  /// - Throws: `AnalysisError`, `CellDataError`, `ArrayFileError`.
  public func write(
    to target: URL, workers: Workers = Workers(), warn: (String) -> Void = { _ in }
  ) throws {
    let order = HilbertOrder.rows(of: maps[0])
    var columns = try columns(order: order, warn: warn)
    let folder = try AtlasFolder(target)
    do {
      try write(to: folder, order: order, columns: &columns, workers: workers)
      try folder.publish()
    } catch {
      folder.discard()
      throw error
    }
  }

  private func write(
    to folder: AtlasFolder, order: [Int32], columns: inout [AtlasColumn], workers: Workers
  ) throws {
    let own = columns.firstIndex { $0.role == .protein }
    var names: [String] = []
    var codes = [UInt16](repeating: .max, count: order.count)
    if let own, case .labels(let labels, _, let found) = columns[own].values {
      (names, codes) = (labels, found)
    }
    var described: [AtlasManifest.Layer] = []
    var nearest: [[(groups: [Int], similarities: [Float])]] = []
    var distances: [Float] = []
    for (number, layer) in layers.enumerated() {
      let space = try CellSpace(layer, order: order, workers: workers)
      described.append(try write(space, number: number, to: folder, workers: workers))
      guard own != nil else { continue }
      let means = space.means(of: codes, groups: names.count)
      nearest.append(
        try CellSpace.nearest(
          means, count: min(Self.neighbors, max(0, names.count - 1)), workers: workers))
      if number == 0 { distances = space.distances(to: means, of: codes) }
    }
    if own != nil { columns.append(AtlasColumn(name: "distance_to_mean", numbers: distances)) }
    let spectra = try spectra?.write(
      to: folder, order: order, proteins: codes, count: names.count)
    if let own {
      let table = ProteinTable(
        names: names, codes: codes, columns: columns, own: own, maps: maps, order: order,
        distances: distances, nearest: nearest, spectra: spectra?.means,
        scores: scores?.classes(of: columns[own].name) ?? [:])
      try folder.script("proteins", ["proteins": table.proteins])
    }
    try writeCells(columns, order: order, to: folder)
    let pictures = try sheets.map { sheets in
      let line = ProgressLine("pictures", total: min(order.count, sheets.most), unit: "cells")
      defer { line.finish() }
      return try sheets.write(
        to: folder, of: cells, order: order, groups: codes, workers: workers
      ) { line.advance(by: $0) }
    }
    try folder.script(
      "manifest",
      AtlasManifest(
        title: title,
        made: .init(
          program: "cytoself \(Version.current)", embeddings: table.url.lastPathComponent),
        cells: order.count,
        maps: maps.map {
          .init(
            name: $0.name, layer: $0.layer, dimensions: $0.dimensions, minimum: $0.minimum,
            maximum: $0.maximum)
        },
        columns: columns.map(AtlasManifest.Column.init), protein: own, layers: described,
        spectrum: spectra?.description, pictures: pictures,
        scores: scores.map { .init(rows: $0.rows) },
        clusters: columns.firstIndex { $0.role == .cluster }))
    try AtlasPage.write(to: folder)
  }

  /// Writes the nearest cells of each in a layer.
  private func write(
    _ space: CellSpace, number: Int, to folder: AtlasFolder, workers: Workers
  ) throws -> AtlasManifest.Layer {
    struct Block: Encodable {
      let count: Int
      let cells: String
      let similarity: String
    }
    let count = min(Self.neighbors, cells.count - 1)
    let found = try space.forEachBlock(count: count, workers: workers) { rows, near, similar in
      let bytes = similar.map { UInt8(((min(max($0, -1), 1) + 1) * 127.5).rounded()) }
      for start in stride(from: 0, to: rows.count, by: AtlasFolder.smallBlock) {
        let part = start * count..<min(rows.count, start + AtlasFolder.smallBlock) * count
        try folder.script(
          "neighbours-\(number)-\((rows.lowerBound + start) / AtlasFolder.smallBlock)",
          Block(
            count: count, cells: AtlasFolder.base64(Array(near[part])),
            similarity: AtlasFolder.base64(Array(bytes[part]))))
      }
    }
    return AtlasManifest.Layer(
      name: space.name, neighbours: count, columns: space.columns, components: space.components,
      method: found.method, recall: found.recall)
  }

  /// Writes ids, positions and columns.
  private func writeCells(
    _ columns: [AtlasColumn], order: [Int32], to folder: AtlasFolder
  ) throws {
    for (number, rows) in AtlasFolder.blocks(of: order.count, size: AtlasFolder.smallBlock) {
      try folder.script("ids-\(number)", ["ids": rows.map { cells[Int(order[$0])] }])
    }
    for (number, rows) in AtlasFolder.blocks(of: order.count, size: AtlasFolder.block) {
      for (place, map) in maps.enumerated() {
        let values = rows.flatMap { row in
          (0..<map.dimensions).map { map.quantized(Int(order[row]), axis: $0) }
        }
        try folder.script(
          "positions-\(place)-\(number)", ["base64": AtlasFolder.base64(values)])
      }
      for (place, column) in columns.enumerated() {
        let text =
          switch column.values {
          case .labels(_, _, let codes): AtlasFolder.base64(Array(codes[rows]))
          case .numbers(let numbers): AtlasFolder.base64(Array(numbers[rows]))
          }
        try folder.script("column-\(place)-\(number)", ["base64": text])
      }
    }
  }
}
