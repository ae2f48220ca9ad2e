public import ArgumentParser
import ArrayFiles
import CytoselfAnalysis
import CytoselfFigures
import Foundation
import JobControl
import Numerics

/// `cytoself cluster EMBEDDINGS --out DIR`: communities of cells or proteins, by the Leiden method.
public struct ClusterCommand: AsyncParsableCommand {
  /// Name, summary and examples as `cytoself cluster --help` shows them.
  public static let configuration = CommandConfiguration(
    commandName: "cluster",
    abstract: "Find communities of cells or proteins, and compare them with annotations.",
    discussion: """
      Rows are joined with their nearest neighbours as in UMAP, and the graph is partitioned by the
      Leiden method. DIR holds clusters.csv (id, labels, cluster from 0, the largest first) and clusters.npy
      (int32). With --compare, agreement.csv has the adjusted Rand index and adjusted mutual
      information over --resolutions and --seeds, and the best resolution is used.
      With --umap the clusters are drawn on a map of the same cells (figures/clusters).

      --recipe opencell works on proteins as the OpenCell paper does: the mean of each protein's
      held-out cells (split test, or all cells without one), 200 principal components, 10 neighbours,
      resolutions 10^-1 to 10^2.5 with 20 seeds.

      Examples: cytoself cluster embeddings --out clusters --resolution 2
                cytoself cluster embeddings --out clusters --recipe opencell --compare loc_grade1
                cytoself cluster embeddings --out clusters --recipe opencell \
      --annotations opencell.csv --key target_name --compare annotation_name \
      --where annotation_grade=3
      """)

  /// A fixed way to do it.
  enum Recipe: String, ExpressibleByArgument, CaseIterable {
    case cells
    case opencell
  }

  @OptionGroup var input: EmbeddingOptions

  @Option(help: "The folder to write.")
  var out: String

  @Option(help: "cells, or opencell: means of proteins as in the OpenCell paper.")
  var recipe = Recipe.cells

  @Option(help: "The column that names the protein (default: found by its name).")
  var labels: String?

  @Option(help: "Draw the clusters on this map of the cells: umap.npy, or the folder with it.")
  var umap: String?

  @Option(help: "Compare the clusters with this column; rows without an entry are left out.")
  var compare: String?

  @Option(
    help: ArgumentHelp(
      """
      Entries of --compare that hold this are several groups, and are left out; '' takes every entry for \
      one group (default: entries that ; | or , divide into others of the column are several).
      """, valueName: "text"))
  var separator: String?

  @Option(help: "A table with the column of --compare, where cells.csv has none.")
  var annotations: String?

  @Option(help: "The column of --annotations that holds the protein (default: the first).")
  var key: String?

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Take only these rows of --annotations, as annotation_grade=3.", valueName: "column=value"))
  var filter: String?

  @Option(
    help: "For opencell: average the cells of this part alone, or all (default: test, if any is).")
  var split: String?

  @Option(help: "The resolution: larger finds more clusters (default: 1, or the best one).")
  var resolution: Double?

  @Option(help: "How many resolutions are compared, from 0.1 to 316 (10^2.5).")
  var resolutions = 36

  @Option(help: "How many seeds are compared at each resolution, counted up from --seed.")
  var seeds = 20

  @Option(help: "Size of a neighbourhood, the row itself counted (default: 15; opencell: 10).")
  var neighbors: Int?

  @Option(help: "Reduce rows to this many principal components first (opencell: 200).")
  var pca: Int?

  @Option(help: "euclidean, cosine or correlation.")
  var metric = Metric.euclidean

  @OptionGroup var compute: ComputeOptions
  @OptionGroup var results: ResultOptions

  /// An empty command, as the parser needs it.
  public init() {}

  /// Checks which options can be combined.
  public func validate() throws {
    guard resolutions >= 1, seeds >= 1, (neighbors ?? 2) >= 2, (pca ?? 1) >= 1 else {
      throw ValidationError(
        "--resolutions, --seeds and --pca are 1 or more, --neighbors 2 or more.")
    }
    guard annotations == nil || compare != nil else {
      throw ValidationError("--annotations needs --compare, the column to compare with.")
    }
    guard separator == nil || compare != nil else {
      throw ValidationError("--separator needs --compare, the column it divides entries of.")
    }
    guard filter == nil || annotations != nil && filter?.contains("=") == true else {
      throw ValidationError("--where is column=value, and chooses rows of --annotations.")
    }
    guard split == nil || recipe == .opencell else {
      throw ValidationError("--split chooses the cells that --recipe opencell averages.")
    }
    guard umap == nil || recipe == .cells else {
      throw ValidationError("--umap is a map of cells, and --recipe opencell clusters proteins.")
    }
  }

  /// Clusters, compares and writes.
  public func run() async throws {
    let workers = compute.workers
    let seed = compute.seed
    let (table, layer) = try input.open()
    let map = try umap.map { try MapPositions($0, rows: layer.rows).requiringTwoAxes() }
    let rows = try ClusterRows(
      table, layer, proteinColumn: labels, averagesProteins: recipe == .opencell, split: split,
      components: pca ?? (recipe == .opencell ? 200 : nil), seed: seed, workers: workers)
    let known = try compare.map { column in
      try annotations.map {
        try rows.groups(
          column, of: URL(filePath: $0), key: key, filter: filter, separator: separator)
      }
        ?? rows.groups(column, separator: separator)
    }
    let found = try neighbors(of: rows.values, source: rows.source, workers: workers)
    let graph = SparseGraph(fuzzy: found, smooth: SmoothDistances(found))
    var sweep: ResolutionSweep?
    if let known {
      let line = ProgressLine("compare", total: resolutions * seeds, unit: "partitions")
      defer { line.finish() }
      sweep = try ResolutionSweep(
        graph, groups: known,
        resolutions: ResolutionSweep.logarithmic(
          from: 0.1, to: pow(10, 2.5), count: resolutions), seeds: seeds, seed: seed
      ) { _ in line.advance(by: 1) }
    }
    let used = resolution ?? sweep?.best?.resolution ?? 1
    let partition = try Leiden(resolution: used, seed: seed).communities(of: graph)

    let folder = try results.folder(out)
    try rows.write(partition, comparedWith: known.map { (compare ?? "", $0) }, to: folder)
    try sweep?.write(to: folder.appending(path: "agreement.csv"), firstSeed: seed)
    try results.draw(in: folder) { () throws(FigureError) in
      var figures: [Figure] = []
      if let sweep {
        let column = compare ?? "annotations"
        figures.append(try sweep.figure(title: "Agreement of clusters with \(column)"))
      }
      if let map { figures.append(try map.figure(of: partition, resolution: used)) }
      return figures
    }
    try report(partition, resolution: used, rows: rows, neighbors: found, sweep: sweep)
  }

  private func neighbors(
    of rows: Matrix, source: String, workers: Workers
  ) throws -> Neighbors {
    let size = min(neighbors ?? (recipe == .opencell ? 10 : 15), rows.rows)
    guard size >= 2 else {
      throw AnalysisError.tooFew(
        what: "rows to cluster in \(source)", found: rows.rows, needed: 2,
        advice: "Give more cells or proteins.")
    }
    return try NeighborSearch(metric: metric, seed: compute.seed, workers: workers)
      .search(rows, count: size - 1, source: source)
  }

  private func report(
    _ partition: Partition, resolution: Double, rows: ClusterRows, neighbors: Neighbors,
    sweep: ResolutionSweep?
  ) throws {
    let best = sweep?.best
    let summary = Summary(
      out: out, rows: rows.ids.count, clusters: partition.sizes.count, sizes: partition.sizes,
      resolution: resolution, modularity: partition.quality,
      bestResolution: best?.resolution,
      adjustedRandIndex: best.map { ResolutionSweep.mean($0.adjustedRandIndex) },
      adjustedMutualInformation: best.map { ResolutionSweep.mean($0.adjustedMutualInformation) },
      comparedRows: sweep?.comparedRows, neighborSearch: neighbors.method,
      neighborRecall: neighbors.recall, igraph: Leiden.igraphVersion)
    try results.print(summary) {
      var lines = [
        "\(summary.clusters.counted("cluster")) of \(summary.rows) "
          + "\(rows.kind) at resolution "
          + "\(resolution.decimals(3)) (neighbours: \(neighbors.summary)); written to \(out)"
      ]
      if let rand = summary.adjustedRandIndex, let mutual = summary.adjustedMutualInformation {
        lines.append(
          "best agreement with '\(compare ?? "")' at resolution "
            + "\((best?.resolution ?? 0).decimals(3)): adjusted Rand index \(rand.decimals(3)), "
            + "adjusted mutual information \(mutual.decimals(3)) "
            + "(means of \(seeds) seeds, \(summary.comparedRows ?? 0) \(rows.kind); chance is 0)")
      }
      return lines
    }
  }

  private struct Summary: Encodable {
    let out: String
    let rows: Int
    let clusters: Int
    let sizes: [Int]
    let resolution: Double
    let modularity: Double
    let bestResolution: Double?
    let adjustedRandIndex: Double?
    let adjustedMutualInformation: Double?
    let comparedRows: Int?
    let neighborSearch: String
    let neighborRecall: Double?
    let igraph: String
  }
}
