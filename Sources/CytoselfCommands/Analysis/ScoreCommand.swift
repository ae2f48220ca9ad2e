public import ArgumentParser
import ArrayFiles
import CytoselfAnalysis
import Foundation

/// `cytoself score EMBEDDINGS --labels COLUMN`: how well embeddings separate classes.
public struct ScoreCommand: AsyncParsableCommand {
  /// Name, summary and examples as `cytoself score --help` shows them.
  public static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Score how well embeddings separate classes of cells.",
    discussion: """
      The cluster score is taken on a map: --map, or the embedding itself if it has at most three
      columns, or a UMAP made for it. Probes ask, for held-out cells (split test, else val), whether
      the nearest training cells, and the nearest cell of any other field, have the same label.

      Example: cytoself score embeddings --labels name --also loc_grade1 --json
      """)

  @OptionGroup var input: EmbeddingOptions

  @Option(help: "The column of classes.")
  var labels: String

  @Option(help: "Another column for the probes; may be given again.")
  var also: [String] = []

  @Option(help: "Positions [cells, axes] for the cluster score: umap.npy, or the folder with it.")
  var map: String?

  @Option(help: "A class left out of the cluster score; may be given again.")
  var ignore: [String] = ["others"]

  @Option(help: "The column that names fields of view (default: found by its name).")
  var field: String?

  @Option(help: "Training cells that vote.")
  var neighbors = 5

  @Option(help: "euclidean, cosine or correlation, for the probes.")
  var metric = Metric.euclidean

  @OptionGroup var compute: ComputeOptions
  @OptionGroup var results: ResultOptions

  /// An empty command, as the parser needs it.
  public init() {}

  /// Scores and prints.
  public func run() async throws {
    guard neighbors >= 1 else {
      throw AnalysisError.badOption(
        name: "--neighbors", value: "\(neighbors)", expected: "at least 1")
    }
    let workers = compute.workers
    let seed = compute.seed
    let (embedded, source) = try input.open()
    let classes = try embedded.labels(labels)
    let others = try also.map { ($0, try embedded.labels($0)) }
    let matrix = try source.matrix()
    try matrix.requireFinite(source: source.name)
    let (positions, origin) = try positions(matrix, source, workers: workers)
    let score = try ClusterScore(positions, labels: classes, ignoring: Set(ignore))
    var probe: HeldOutProbe?
    var missing: String?
    if let split = embedded.split, split.contains("test") || split.contains("val") {
      let column = field ?? embedded.fieldColumn
      let fields = try column.map { ($0, try embedded.labels($0)) }
      probe = try HeldOutProbe(
        matrix, labels: [(labels, classes)] + others, split: split, fields: fields, k: neighbors,
        metric: metric, seed: seed, source: source.name, workers: workers)
    } else {
      missing = "No cell is held out: the table has no split 'test' or 'val'."
    }
    let report = Report(
      labels: labels, layer: source.layer, cells: source.rows,
      clusterScorePerAxis: score.perAxis, clusterScorePooled: score.pooled,
      clusterScoreMap: origin, medianClusterSize: score.medianSize, clusters: score.clusters,
      probes: probe?.nearest, retrieval: probe?.retrieval, heldOut: probe?.heldOut,
      askingCells: probe?.askingCells, askingFields: probe?.askingFields,
      referenceCells: probe?.referenceCells, probesMissing: missing)
    try results.print(report) { report.lines }
  }

  private func positions(
    _ matrix: Matrix, _ source: EmbeddingLayer, workers: Workers
  ) throws -> (Matrix, String) {
    if let map {
      var file = URL(filePath: map)
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder),
        isFolder.boolValue
      {
        file.append(path: "umap.npy")
      }
      let found = try EmbeddingLayer(NPYFile(file), layer: "map").matrix()
      guard found.rows == matrix.rows else {
        throw AnalysisError.mismatch(
          what: "rows in \(file.path)", found: found.rows, expected: matrix.rows,
          advice: "The map must be made of the same cells.")
      }
      try found.requireFinite(source: file.path)
      return (found, file.path)
    }
    guard matrix.columns > 3 else { return (matrix, "the embedding itself") }
    var settings = UMAPSettings()
    settings.seed = compute.seed
    let fitted = try UMAP(settings, workers: workers).fit(matrix, source: source.name)
    return (fitted.positions, "umap of \(source.layer), seed \(compute.seed)")
  }

  private struct Report: Encodable {
    let labels: String
    let layer: String
    let cells: Int
    let clusterScorePerAxis: Double
    let clusterScorePooled: Double
    let clusterScoreMap: String
    let medianClusterSize: Double
    let clusters: [ClusterScore.Cluster]
    let probes: [Identification]?
    let retrieval: [Identification]?
    let heldOut: String?
    let askingCells: Int?
    let askingFields: Int?
    let referenceCells: Int?
    let probesMissing: String?

    var lines: [String] {
      func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
      func line(_ scores: Identification) -> String {
        let share = scores.accuracy
        return "\(scores.label), \(scores.method): \(percent(share.value)) of \(share.trials) "
          + "(95 % \(percent(share.low)) to \(percent(share.high)), \(share.interval)); chance "
          + "\(percent(scores.chance)), p \(scores.pValue); macro F1 "
          + "\((scores.macroF1 * 1000).rounded() / 1000)"
      }
      var lines = [
        "cluster score per axis: \((clusterScorePerAxis * 1000).rounded() / 1000)",
        "cluster score pooled:   \((clusterScorePooled * 1000).rounded() / 1000)",
        "on \(clusterScoreMap), \(clusters.count) classes of '\(labels)', \(cells) cells",
      ]
      lines += (probes ?? []).map(line) + (retrieval ?? []).map(line)
      if let probesMissing { lines.append(probesMissing) }
      return lines
    }
  }
}
