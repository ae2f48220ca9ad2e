/// How well embeddings predict one column of labels, with fields, proteins or cells held out.
public struct HeldOutProbe: Sendable, Encodable {
  /// How a probe is run.
  public struct Settings: Sendable, Equatable {
    /// The cells that vote in the nearest-neighbour probe.
    public var neighbors: Int
    /// How distances are measured.
    public var metric: Metric
    /// How logistic regression is fitted.
    public var logistic: LogisticRegression.Settings
    /// The most training cells of logistic regression in one fold; of more a seeded sample.
    public var mostTeaching: Int
    /// The most query cells of a ranking; of more a seeded sample.
    public var mostQueries: Int
    /// Whether retrieval ranks cells of the same field (or protein) too.
    public var includesSameUnit: Bool
    /// Resamples, shuffles and their seed.
    public var sampling: Sampling

    /// Settings of a probe.
    public init(
      neighbors: Int = 5, metric: Metric = .euclidean,
      logistic: LogisticRegression.Settings = .init(), mostTeaching: Int = 20_000,
      mostQueries: Int = 5000, includesSameUnit: Bool = false, sampling: Sampling = Sampling()
    ) {
      self.neighbors = neighbors
      self.metric = metric
      self.logistic = logistic
      self.mostTeaching = mostTeaching
      self.mostQueries = mostQueries
      self.includesSameUnit = includesSameUnit
      self.sampling = sampling
    }
  }

  /// The units of cells: fields of view or proteins.
  public struct Units: Sendable, Equatable {
    /// `fields` or `proteins`.
    public let name: String
    /// The unit of each cell.
    public let codes: [Int]

    /// Units of cells by the entries of a column.
    public init(_ name: String, _ values: [String]) {
      self.name = name
      codes = Grouping(values).codes
    }
  }

  /// The label column.
  public let label: String
  /// What was held out, in words.
  public let heldOut: String
  /// The number of test cells.
  public let askedCells: Int
  /// The number of training cells; where every cell is held out in turn, all of them.
  public let teachingCells: Int
  /// The fields (or proteins) of the test cells; nil if unknown.
  public let askedUnits: Int?
  /// Classes that one field (or protein) alone holds, which were left out.
  public let leftOut: [String]
  /// What a reader must know to take the numbers for what they are.
  public let warnings: [String]
  /// Logistic regression, the vote of nearest cells and, with covariates, logistic regression on these
  /// alone.
  public let identifications: [Identification]
  /// Whether the nearest cells have the same label.
  public let retrieval: Retrieval?
  /// Whether the mean of held-out units is nearest to the mean of the others, a trial per class.
  public let profiles: Identification?
  /// Whether mean profiles of units find those of the same class, class by class.
  public let profileRetrieval: ProfileRetrieval?
  /// The test cells, as rows of the embedding.
  public let rows: [Int]
  /// For each of ``rows`` the label that logistic regression gave.
  public let named: [String]
  /// For each of ``rows`` the label that the nearest cells voted for.
  public let voted: [String]

  private enum CodingKeys: String, CodingKey {
    case label, heldOut, askedCells, teachingCells, askedUnits, leftOut, warnings
  }

  /// Runs the probes.
  ///
  /// - Parameters:
  ///   - embedding: a row per cell, [cells, columns].
  ///   - column: the name of the label column.
  ///   - labels: the label of each cell; cells without one take no part.
  ///   - folds: the training cells and the test cells.
  ///   - units: fields or proteins: what is drawn for intervals and not ranked in retrieval.
  ///   - covariates: intensity, area and the like, to be tried alone, [cells, covariates].
  ///   - baseline: hand-crafted features to compare with, [cells, features].
  ///   - settings: how the probes are run.
  ///   - source: what to call the data in messages.
  ///   - workers: the threads.
  /// - Throws: `AnalysisError.tooFew`, `.notFinite`, `.noDirection`.
  public init(
    _ embedding: Matrix, column: String, labels: [String], folds: HeldOutFolds, units: Units?,
    covariates: Matrix? = nil, baseline: Matrix? = nil, settings: Settings = Settings(),
    source: String = "the embedding", workers: Workers = Workers()
  ) throws(AnalysisError) {
    precondition(labels.count == embedding.rows, "Every cell has a label, which may be empty.")
    try embedding.requireFinite(source: source)
    let grouping = Grouping(labels)
    let runner = ProbeRunner(
      folds: folds, grouping: grouping, column: column, units: units, settings: settings,
      source: source, workers: workers)
    let logistic = try runner.logistic(embedding, name: "logistic regression")
    let votes = try runner.votes(embedding)
    var found = [logistic, votes]
    if let covariates {
      found.append(
        try runner.logistic(
          covariates, name: "logistic regression on covariates alone"))
    }
    if let baseline {
      let name = "\(baseline.columns) hand-crafted features"
      found.append(try runner.logistic(baseline, name: "logistic regression on \(name)"))
      // Features of several units are compared on one scale, that of the training cells.
      let training = Set(folds.folds.flatMap(\.train)).sorted()
      let scaled = Standardization(baseline, rows: training).apply(
        baseline, rows: Array(0..<baseline.rows))
      found.append(try runner.votes(scaled, of: " by \(name)"))
    }
    label = column
    heldOut = folds.description
    rows = folds.testRows
    askedCells = rows.count
    let training = Set(folds.folds.flatMap(\.train))
    teachingCells = training.count
    askedUnits = units.map { units in Set(folds.testRows.map { units.codes[$0] }).count }
    leftOut = folds.leftOut
    warnings = runner.warnings(logistic, training: training)
    identifications = found.map(\.identification)
    named = logistic.predicted.map { grouping.names[$0] }
    voted = votes.predicted.map { grouping.names[$0] }
    let everyone = training.union(folds.testRows).sorted()
    retrieval = try runner.retrieval(embedding, rows: everyone)
    profiles = try runner.profiles(embedding, everyone: everyone)
    profileRetrieval = try runner.profileRetrieval(embedding, rows: everyone)
  }
}
