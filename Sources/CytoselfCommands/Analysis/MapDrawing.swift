import ArrayFiles
import CellData
package import CytoselfAnalysis
package import CytoselfFigures
package import Foundation

/// The figures of a map, its interactive page and its cluster score.
///
/// Its initialiser finds every error in the options, before the map is computed.
package struct MapDrawing {
  private let table: EmbeddingTable
  private let colorings: [MapColoring]
  private let namesFigures: Bool
  private let crops: CropPictures?

  /// A drawing from command-line options.
  ///
  /// - Throws: `AnalysisError`, `CellDataError` and the errors of files.
  init(_ options: MapOptions, table: EmbeddingTable) throws {
    try self.init(
      table, colorBy: options.colorBy, highlight: options.highlight, palette: options.palette,
      crops: options.crops.map {
        try CropPictures($0, channel: options.cropChannel, most: options.pictures)
      })
  }

  /// - Parameters:
  ///   - table: the cells.
  ///   - colorBy: the columns that give colours; empty takes the protein, if there are labels.
  ///   - highlight: the groups of the first column that alone have colours, separated by commas.
  ///   - palette: a `palette.csv` with groups that keep their looks.
  ///   - crops: where pictures of the cells come from.
  /// - Throws: `AnalysisError` and the errors of files.
  package init(
    _ table: EmbeddingTable, colorBy: [String], highlight: String? = nil, palette: String? = nil,
    crops: CropPictures? = nil
  ) throws {
    self.table = table
    self.crops = crops
    let known = try palette.map(MapColoring.groups(inPalette:)) ?? [:]
    namesFigures = !colorBy.isEmpty
    let columns = namesFigures ? colorBy : [table.proteinColumn].compactMap { $0 }
    guard !columns.isEmpty || highlight == nil else {
      throw AnalysisError.badOption(
        name: "--highlight", value: highlight ?? "",
        expected: "nothing, since the cells have no labels: give a folder with cells.csv")
    }
    colorings = try columns.enumerated().map { place, column in
      let labels = try table.labels(column)
      return try MapColoring(
        column: column, labels: labels, known: known[column] ?? [],
        highlight: place == 0
          ? highlight.map {
            NameList.names(in: $0, isKnown: Set(labels).contains)
          } ?? [] : [],
        holdsNames: column == table.proteinColumn || column == table.fieldColumn,
        path: table.cells?.url.path ?? table.url.path)
    }
  }

  /// The groups that come first among the colourings, with their looks.
  private var groups: (column: String, labels: [String], palette: GroupPalette)? {
    for coloring in colorings {
      if case .groups(let labels, let palette) = coloring.kind {
        return (coloring.column, labels, palette)
      }
    }
    return nil
  }

  /// The cluster score of the first column of groups; nil where there is none to be had.
  ///
  /// - Parameter positions: the map, [cells, axes].
  package func score(_ positions: Matrix) throws -> (column: String, score: ClusterScore)? {
    guard let groups else { return nil }
    do {
      let score = try ClusterScore(positions, labels: groups.labels, ignoring: ["others"])
      return (groups.column, score)
    } catch AnalysisError.tooFew {
      return nil
    }
  }

  /// Writes the tables beside the map: `palette.csv`, and `cluster_scores.csv` where there are some.
  func writeTables(_ score: ClusterScore?, in folder: URL) throws {
    if groups != nil {
      try MapColoring.write(colorings, to: folder.appending(path: "palette.csv"))
    }
    guard let score else { return }
    let axes = score.clusters[0].centroid.count
    let writer = try CSVWriter(
      folder.appending(path: "cluster_scores.csv"),
      header: ["group", "cells"] + (1...axes).map { "centroid_\($0)" } + ["size"])
    for cluster in score.clusters {
      try writer.append(
        [cluster.name, "\(cluster.count)"] + cluster.centroid.map { "\($0)" }
          + ["\(cluster.size)"])
    }
    try writer.finish()
  }

  /// The names of the figures of `colorings`; columns with like names do not overwrite each other's files.
  private var figureNames: [String] {
    guard namesFigures else { return colorings.map { _ in "umap" } }
    return Figure.fileNames(for: colorings.map { "umap_\($0.column)" })
  }

  /// The figures: one for each column, and one with the cluster scores.
  package func figures(_ positions: Matrix, score: ClusterScore?) throws(FigureError) -> [Figure] {
    let (x, y) = Self.axes(positions)
    var figures: [Figure] = []
    for (coloring, name) in zip(colorings, figureNames) {
      switch coloring.kind {
      case .values(let values):
        figures.append(
          try ValueMap(
            x: x, y: y, values: values, valueName: coloring.column,
            title: "Map of cells by \(coloring.column)"
          ).figure(named: name))
      case .groups(let labels, let palette):
        var map = GroupMap(
          x: x, y: y, groups: labels, palette: palette, title: "Map of cells by \(coloring.column)")
        figures.append(try map.figure(named: name))
        if let score, coloring.column == groups?.column, score.clusters.count <= 40 {
          map.title = "Cluster scores by \(coloring.column)"
          map.show(score)
          figures.append(try map.figure(named: "umap_scores"))
        }
      }
    }
    if colorings.isEmpty {
      figures.append(
        try GroupMap(
          x: x, y: y, groups: [String](repeating: "cells", count: x.count),
          palette: GroupPalette(["cells"]), title: "Map of cells", showsNames: false
        ).figure(named: "umap"))
    }
    return figures
  }

  /// Writes `map.html`; without plotly.js that is a warning.
  package func writePage(_ positions: Matrix, title: String, to file: URL) throws {
    let (x, y) = Self.axes(positions)
    let ids = table.ids(rows: positions.rows)
    let labels = groups?.labels ?? [String](repeating: "cells", count: positions.rows)
    let shown = table.labelColumns + (table.split == nil ? [] : ["split"])
    var map = InteractiveMap(
      x: x, y: y, ids: ids, groups: labels, groupName: groups?.column ?? "group",
      palette: groups?.palette ?? GroupPalette(["cells"]),
      columns: try shown.filter { $0 != groups?.column }.map {
        .init(name: $0, values: try table.labels($0))
      }, title: title)
    map.pictures = try crops?.pictures(of: ids, groups: labels)
    do throws(FigureError) {
      try map.write(to: file)
    } catch {
      guard error.kind == .missingPart else { throw error }
      StandardError.warn("\(error)")
    }
  }

  private static func axes(_ positions: Matrix) -> (x: [Float], y: [Float]) {
    ((0..<positions.rows).map { positions[$0, 0] }, (0..<positions.rows).map { positions[$0, 1] })
  }
}
