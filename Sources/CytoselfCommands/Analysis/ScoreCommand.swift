public import ArgumentParser
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
      columns, or a UMAP of it. Probes measure, with cells, fields or proteins held out, how accurately
      logistic regression and nearest neighbours predict the class, and how well cells and mean
      profiles retrieve others of their class. Chance, a 95 % interval and a p value stand beside every number.
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

  @Option(help: "Nearest training cells that vote.")
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

  @Option(
    help: "A column of numbers to check as a confounder; may be given again (default: found).")
  var covariate: [String] = []

  @Option(help: "Measure intensity and area in the crops: a folder in any layout or one .npy.")
  var crops: String?

  @Option(
    help: "Features to compare with: classical, hand-crafted ones measured in --crops.")
  var baseline: BaselineName?

  @Option(help: "Shuffles behind chance and p values.")
  var permutations = 999

  @Option(help: "Resamples behind intervals.")
  var resamples = 1000

  @OptionGroup var compute: ComputeOptions
  @OptionGroup var results: ResultOptions

  /// An empty command, as the parser needs it.
  public init() {}

  /// Checks the values.
  public func validate() throws {
    guard permutations >= 19, resamples >= 20 else {
      throw ValidationError("--permutations is 19 or more, --resamples 20 or more.")
    }
    guard regularization > 0, regularization.isFinite else {
      throw ValidationError("--regularization is a number above 0.")
    }
    guard baseline == nil || crops != nil else {
      throw ValidationError("--baseline needs --crops, the crops that were embedded.")
    }
    guard pca ?? 0 >= 0 else { throw ValidationError("--pca is 0 or more.") }
  }

  /// Scores, writes and prints.
  public func run() async throws {
    guard neighbors >= 1 else {
      throw AnalysisError.badOption(
        name: "--neighbors", value: "\(neighbors)", expected: "at least 1")
    }
    let workers = compute.workers
    let (table, source) = try input.open()
    let columns = try ([labels] + also).map { ($0, try table.labels($0)) }
    for (column, _) in columns { table.sayMissing(in: column) }
    let covariates = try covariates(table, source)
    // Impossible combinations are refused before anything long begins.
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
    let measured = try handCrafted(ids: table.ids(rows: source.rows), workers: workers)
    let probes = try plan.rounds.map { column, values, folds in
      try HeldOutProbe(
        matrix, column: column, labels: values, folds: folds, units: plan.units,
        covariates: Self.complete(covariates, labels: values), baseline: measured,
        settings: settings, source: source.name, workers: workers)
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
}
