public import ArgumentParser
import ArrayFiles
import CytoselfAnalysis
import CytoselfFigures
import Foundation

/// `cytoself score EMBEDDINGS --labels COLUMN`: how well embeddings separate classes.
public struct ScoreCommand: AsyncParsableCommand {
  /// Name, summary and examples as `cytoself score --help` shows them.
  public static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Score how well embeddings separate classes of cells, beside chance and confounders.",
    discussion: """
      The cluster score is taken on a map: --map, or the embedding itself if it has at most three
      columns, or a UMAP made for it. Probes ask, with cells, fields or proteins held out, whether
      logistic regression and the nearest cells tell the class, and whether cells and mean profiles
      find others of their class. Chance, a 95 % interval and a p value stand beside every number.
      Intensity, area and field are shown beside: how much of the embedding they explain.

      DIR holds scores.csv, scores.json, classes.csv, confusion.csv, predictions.csv, confounders.csv
      and figures.

      Examples: cytoself score embeddings --labels name --also loc_grade1 --out scores
                cytoself score embeddings --labels loc_grade1 --hold-out proteins --crops cells
                cytoself score embeddings --layer vqindhist1 --labels name --metric correlation
      """)

  @OptionGroup var input: EmbeddingOptions

  @Option(help: "The column of classes.")
  var labels: String

  @Option(help: "Another column for the probes; may be given again.")
  var also: [String] = []

  @Option(help: "The folder to write tables and figures to (default: only print).")
  var out: String?

  @Option(help: "Positions [cells, axes] for the cluster score: umap.npy, or the folder with it.")
  var map: String?

  @Option(help: "A class left out of the cluster score; may be given again.")
  var ignore: [String] = ["others"]

  @OptionGroup var holdOut: HoldOutOptions

  @Option(help: "Training cells that vote.")
  var neighbors = 5

  @Option(help: "euclidean, cosine or correlation, for nearest cells and profiles.")
  var metric = Metric.euclidean

  @Option(help: "Inverse strength of the penalty of logistic regression, scikit-learn's C.")
  var regularization = 1.0

  @Option(
    help: "Principal components for probes (default: 200 beyond 512 columns, else all; 0: all).")
  var pca: Int?

  @Flag(help: "Let cells of the same field (or protein) count in retrieval.")
  var sameField = false

  @Option(help: "A column of numbers to check as a confounder; may be given again (default: found).")
  var covariate: [String] = []

  @Option(help: "Measure intensity and area in the crops: a folder in any layout or one .npy.")
  var crops: String?

  @Option(help: "Shuffles behind chance and p values.")
  var permutations = 999

  @Option(help: "Resamples behind intervals.")
  var resamples = 1000

  @OptionGroup var compute: ComputeOptions
  @OptionGroup var results: ResultOptions

  /// An empty command, as the parser needs it.
  public init() {}

  /// Says which values are possible.
  public func validate() throws {
    guard permutations >= 19, resamples >= 20 else {
      throw ValidationError("--permutations is 19 or more, --resamples 20 or more.")
    }
    guard regularization > 0, regularization.isFinite else {
      throw ValidationError("--regularization is a number above 0.")
    }
    guard pca ?? 0 >= 0 else { throw ValidationError("--pca is 0 or more.") }
  }

  private static let mostColumns = 512
  private static let usualComponents = 200

  /// Scores, writes and prints.
  public func run() async throws {
    guard neighbors >= 1 else {
      throw AnalysisError.badOption(
        name: "--neighbors", value: "\(neighbors)", expected: "at least 1")
    }
    let workers = compute.workers
    let (table, source) = try input.open()
    let columns = try ([labels] + also).map { ($0, try table.labels($0)) }
    let covariates = try covariates(table, source)
    // What cannot be asked is said before anything long begins.
    let plan = try plan(columns, table, source)
    let (matrix, described) = try embedding(source, workers: workers)
    let (positions, origin) = try positions(matrix, source, workers: workers)
    let score = try ClusterScore(
      positions, labels: columns[0].1, ignoring: Set(ignore))
    var settings = HeldOutProbe.Settings(
      neighbors: neighbors, metric: metric,
      logistic: .init(inverseRegularization: regularization), includesSameUnit: sameField)
    settings.sampling = Sampling(
      resamples: resamples, permutations: permutations, seed: compute.seed)
    let probes = try plan.rounds.map { column, values, folds in
      try HeldOutProbe(
        matrix, column: column, labels: values, folds: folds, units: plan.units,
        covariates: Self.complete(covariates, labels: values), settings: settings,
        source: source.name, workers: workers)
    }
    let confounders = try confounders(
      matrix, covariates, columns[0], plan, table, source, sampling: settings.sampling)
    let report = ScoreReport(
      labels: labels, layer: source.layer, embedding: described, cells: source.rows,
      clusterScore: score, clusterScoreMap: origin, probes: probes, probesMissing: plan.missing,
      confounders: confounders, notes: plan.notes)
    if let out {
      let folder = try results.folder(out)
      try report.write(ids: table.ids(rows: source.rows), labels: columns, to: folder)
      try results.draw(in: folder, report.figures)
    }
    try results.print(report) { report.lines }
  }

  /// The rounds of every column, and what they hold out.
  private struct Plan {
    let units: HeldOutProbe.Units?
    let rounds: [(String, [String], HeldOutFolds)]
    let missing: String?
    let notes: [String]
  }

  /// Nil where nobody asked for covariates and too few cells have a label.
  private func confounders(
    _ matrix: Matrix, _ covariates: [(name: String, values: [Double])],
    _ label: (String, [String]), _ plan: Plan, _ table: EmbeddingTable, _ source: EmbeddingLayer,
    sampling: Sampling
  ) throws -> ConfounderCheck? {
    if covariates.isEmpty, label.1.count(where: { !$0.isEmpty }) < 10 { return nil }
    let field = try (holdOut.field ?? table.fieldColumn).map {
      (name: $0, values: try table.labels($0))
    }
    return try ConfounderCheck(
      matrix, covariates: covariates, label: label, field: field, folds: plan.rounds.first?.2,
      sampling: sampling, source: source.name, workers: compute.workers)
  }

  private func plan(
    _ columns: [(String, [String])], _ table: EmbeddingTable, _ source: EmbeddingLayer
  ) throws -> Plan {
    let unit = try holdOut.unit(of: table)
    let units = try holdOut.units(unit, of: table)
    var rounds: [(String, [String], HeldOutFolds)] = []
    var missing: [String] = []
    for (column, values) in columns {
      do {
        rounds.append(
          (
            column, values,
            try holdOut.rounds(
              unit, column: column, labels: values, units: units, table: table,
              seed: compute.seed, source: source.name)
          ))
      } catch let error as AnalysisError {
        // Nobody asked for these probes: the cluster score stands without them.
        guard holdOut.holdOut == nil else { throw error }
        missing.append("No probes of '\(column)': \(error)")
      }
    }
    let trained = unit == .split ? 0 : table.split?.count { $0 == "train" } ?? 0
    let note =
      "the model was trained on \(trained) of these cells: what it was told of them may show in "
      + "their embeddings, and the numbers flatter"
    return Plan(
      units: units, rounds: rounds,
      missing: missing.isEmpty ? nil : missing.joined(separator: " "),
      notes: trained > 0 && !rounds.isEmpty ? [note] : [])
  }

  /// The rows that are probed, and what they are.
  private func embedding(
    _ source: EmbeddingLayer, workers: Workers
  ) throws -> (Matrix, String) {
    try source.requireFinite()
    let wanted = pca ?? (source.columns > Self.mostColumns ? Self.usualComponents : 0)
    let count = min(wanted, source.rows - 1)
    guard count > 0, count < source.columns else {
      return (try source.matrix(), "\(source.columns) columns of \(source.layer)")
    }
    let reduction = try PrincipalComponents(
      source, count: count, seed: compute.seed, workers: workers)
    let share = reduction.explainedShares.reduce(0, +)
    return (
      try reduction.transform(source, workers: workers),
      "\(count) principal components of \(source.layer) (\((100 * share).decimals(1)) % of its "
        + "variance)"
    )
  }

  private func covariates(
    _ table: EmbeddingTable, _ source: EmbeddingLayer
  ) throws -> [(name: String, values: [Double])] {
    var found = try CellCovariates.columns(covariate, of: table)
    if let crops {
      found += try CellCovariates.measured(
        in: crops, channels: [], ids: table.ids(rows: source.rows))
    }
    return found
  }

  /// Covariates as rows, with the mean where a cell has none; nil without covariates.
  private static func complete(
    _ covariates: [(name: String, values: [Double])], labels: [String]
  ) -> Matrix? {
    guard !covariates.isEmpty else { return nil }
    let columns = covariates.map { covariate in
      let known = covariate.values.filter(\.isFinite)
      let mean = known.reduce(0, +) / Double(max(1, known.count))
      return covariate.values.map { Float($0.isFinite ? $0 : mean) }
    }
    return Matrix(
      rows: labels.count, columns: columns.count,
      values: labels.indices.flatMap { row in columns.map { $0[row] } })
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
}
