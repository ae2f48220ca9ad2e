public import ArgumentParser
import ArrayFiles
import CytoselfAnalysis
import CytoselfFigures
import Foundation
import Numerics

/// `cytoself umap EMBEDDINGS --out DIR`: a map of cells, or new cells in a saved map.
public struct UMAPCommand: AsyncParsableCommand {
  /// Name, summary and examples as `cytoself umap --help` shows them.
  public static let configuration = CommandConfiguration(
    commandName: "umap",
    abstract: "Compute and draw a UMAP of cells.",
    discussion: """
      EMBEDDINGS is a folder that 'cytoself embed' wrote, or one .npy file [cells, ...].
      DIR holds umap.npy [cells, dimensions] in the order of the rows, umap.csv with ids and labels,
      map/ (the fitted map, for --transform), cluster_scores.csv, palette.csv, figures/ and map.html, an
      interactive page that needs no network; with --pca also pca.npy [cells, components] and pca.csv
      with the variance along each. The same options and seed give the same bytes, whatever the
      number of threads.

      Examples: cytoself umap embeddings --layer vqvec2 --out map
                cytoself umap embeddings --out map --color-by loc --color-by area --crops cells
                cytoself umap new_embeddings --out new --transform map/map --palette map/palette.csv
      """)

  @OptionGroup var input: EmbeddingOptions

  @Option(help: "The folder to write.")
  var out: String

  @Option(help: "Cells in a neighbourhood, the cell itself counted.")
  var neighbors = UMAPSettings().neighbors

  @Option(help: "The least distance of points in the map.")
  var minDist = UMAPSettings().minDistance

  @Option(help: "The scale of the map.")
  var spread = UMAPSettings().spread

  @Option(help: "euclidean, cosine or correlation.")
  var metric = Metric.euclidean

  @Option(help: "Passes of the layout (default: 500 up to 10,000 cells, 200 beyond).")
  var epochs: Int?

  @Option(help: "Axes of the map.")
  var dimensions = UMAPSettings().dimensions

  @OptionGroup var compute: ComputeOptions

  @Option(help: "Reduce to this many principal components first.")
  var pca: Int?

  @Option(help: "Place the cells in this saved map instead of fitting one.")
  var transform: String?

  @OptionGroup var drawing: MapOptions
  @OptionGroup var results: ResultOptions

  /// An empty command, as the parser needs it.
  public init() {}

  /// Fits or transforms, and writes the results.
  public func run() async throws {
    let workers = compute.workers
    let (table, source) = try input.open()
    if self.drawing.colorBy.isEmpty { _ = table.sayingProteinColumn() }
    let drawing = try MapDrawing(self.drawing, table: table)
    let start = ContinuousClock().now
    let positions: Matrix
    let used: UMAPMap
    var fitted: UMAPMap?
    if let transform {
      used = try UMAPMap(folder: URL(filePath: transform))
      positions = try place(source, in: used, workers: workers)
    } else {
      let map = try fit(source, workers: workers)
      if map.neighborsUsed < neighbors {
        StandardError.warn(
          "only \(source.rows.counted("cell")): neighbourhoods of \(map.neighborsUsed) instead of \(neighbors)."
        )
      }
      positions = map.positions
      used = map
      fitted = map
    }
    let seconds = (ContinuousClock().now - start) / .seconds(1)
    let folder = try results.folder(out)
    try NPY.write(
      positions.values, shape: [positions.rows, positions.columns],
      to: folder.appending(path: "umap.npy"))
    try write(positions, table, to: folder.appending(path: "umap.csv"))
    try fitted?.save(to: folder.appending(path: "map"))
    if let fitted, let reduction = fitted.reduction {
      try write(reduction, scores: fitted.data, to: folder)
    }
    let scored = try drawing.score(positions)
    try drawing.writeTables(scored?.score, in: folder)
    if positions.columns == 2 {
      try results.draw(in: folder) { () throws(FigureError) in
        try drawing.figures(positions, score: scored?.score)
      }
      if results.figures {
        try drawing.writePage(
          positions, title: "Map of cells by \(source.layer)",
          to: folder.appending(path: "map.html"))
      }
    }
    let report = Summary(
      out: out, layer: source.layer, cells: source.rows, columns: source.columns,
      neighbors: used.neighborsUsed, neighborSearch: used.neighborMethod,
      neighborRecall: used.neighborRecall,
      explainedVariance: used.reduction.map { $0.explainedShares.reduce(0, +) },
      clusterScorePerAxis: scored?.score.perAxis, clusterScorePooled: scored?.score.pooled,
      seconds: seconds)
    try results.print(report) {
      [
        "\(source.rows.counted("cell")) of \(source.layer) mapped in \(seconds.decimals(1)) s "
          + "(neighbours: "
          + Neighbors.summary(used.neighborMethod, recall: used.neighborRecall)
          + "); written to \(out)"
      ]
        + (scored.map { column, score in
          [
            "cluster score of '\(column)': \(score.perAxis.decimals(3)) per axis, "
              + "\(score.pooled.decimals(3)) pooled, \(score.clusters.count.counted("group"))"
          ]
        } ?? [])
    }
  }

  private func fit(_ source: EmbeddingLayer, workers: Workers) throws -> UMAPMap {
    var settings = UMAPSettings()
    settings.neighbors = neighbors
    settings.minDistance = minDist
    settings.spread = spread
    settings.metric = metric
    settings.epochs = epochs
    settings.dimensions = dimensions
    settings.seed = compute.seed
    let umap = try UMAP(settings, workers: workers)
    guard let pca else { return try umap.fit(source.matrix(), source: source.name) }
    guard pca >= 1 else {
      throw AnalysisError.badOption(name: "--pca", value: "\(pca)", expected: "at least 1")
    }
    try source.requireFinite()
    let reduction = try PrincipalComponents(
      source, count: pca, seed: compute.seed, workers: workers)
    let scores = try reduction.transform(source, workers: workers)
    var map = try umap.fit(scores, source: source.name)
    map.reduction = reduction
    return map
  }

  /// Places cells in a saved map; those that are reduced first are read a block at a time.
  private func place(
    _ source: EmbeddingLayer, in map: UMAPMap, workers: Workers
  ) throws -> Matrix {
    guard let reduction = map.reduction, reduction.means.count == source.columns else {
      return try map.transform(source.matrix(), source: source.name, workers: workers)
    }
    try source.requireFinite()
    let scores = try reduction.transform(source, workers: workers)
    return try map.transform(scores, source: source.name, workers: workers)
  }

  private func write(
    _ reduction: PrincipalComponents, scores: Matrix, to folder: URL
  ) throws {
    try NPY.write(
      scores.values, shape: [scores.rows, scores.columns], to: folder.appending(path: "pca.npy"))
    let writer = try CSVWriter(
      folder.appending(path: "pca.csv"), header: ["component", "variance", "explained"])
    for (index, share) in reduction.explainedShares.enumerated() {
      try writer.append(["\(index + 1)", "\(reduction.variances[index])", "\(share)"])
    }
    try writer.finish()
  }

  private func write(_ positions: Matrix, _ table: EmbeddingTable, to file: URL) throws {
    let columns = table.labelColumns + (table.split == nil ? [] : ["split"])
    let labels = try columns.map { try table.labels($0) }
    let writer = try CSVWriter(
      file,
      header: ColumnNames.unique(
        ["cell"] + (1...positions.columns).map { "umap_\($0)" } + columns))
    let ids = table.ids(rows: positions.rows)
    for row in 0..<positions.rows {
      try writer.append([ids[row]] + positions[row: row].map { "\($0)" } + labels.map { $0[row] })
    }
    try writer.finish()
  }

  private struct Summary: Encodable {
    let out: String
    let layer: String
    let cells: Int
    let columns: Int
    let neighbors: Int
    let neighborSearch: String
    let neighborRecall: Double?
    let explainedVariance: Double?
    let clusterScorePerAxis: Double?
    let clusterScorePooled: Double?
    let seconds: Double
  }
}
