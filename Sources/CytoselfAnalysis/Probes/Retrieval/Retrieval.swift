import Numerics

/// Whether the cells nearest to a cell have its label, when cells of its own field (or protein) are
/// left out.
public struct Retrieval: Sendable, Equatable, Encodable {
  /// The label column.
  public let label: String
  /// What is ranked for a cell: `cell of another field`, `cell of another protein`, or `other cell`.
  public let ranked: String
  /// The number of query cells.
  public let queries: Int
  /// How many cells could have been queries; more than `queries` where a sample was drawn.
  public let available: Int
  /// The cells that were ranked for them.
  public let gallery: Int
  /// Whether the nearest cell has the same label.
  public let nearest: Identification
  /// The mean over the query cells of average precision: of the share of cells with the same label
  /// among those at most as far, at every cell with the same label.
  public let averagePrecision: Estimate
  /// What was shuffled for the null of the average precision.
  public let shuffled: String

  /// What is ranked, and how.
  public struct Settings: Sendable, Equatable {
    /// How distances are measured.
    public var metric: Metric
    /// The most query cells; of more a seeded sample.
    public var mostQueries: Int
    /// Whether cells of the same unit are ranked too.
    public var includesSameUnit: Bool
    /// Resamples, shuffles and their seed.
    public var sampling: Sampling

    /// Settings of a ranking.
    public init(
      metric: Metric = .euclidean, mostQueries: Int = 5000, includesSameUnit: Bool = false,
      sampling: Sampling = Sampling()
    ) {
      self.metric = metric
      self.mostQueries = mostQueries
      self.includesSameUnit = includesSameUnit
      self.sampling = sampling
    }
  }

  /// Ranks cells.
  ///
  /// - Parameters:
  ///   - embedding: a row per cell, [cells, columns].
  ///   - column: the label column, for the output.
  ///   - labels: the labels as codes of `labels.names`.
  ///   - queryRows: the query cells.
  ///   - rows: the cells that are ranked.
  ///   - units: the field or protein of each cell; nil where unknown.
  ///   - unitName: `fields` or `proteins`.
  ///   - settings: what is ranked, and how.
  ///   - source: what to call the cells in messages.
  ///   - workers: the threads.
  /// - Throws: `AnalysisError.tooFew` if no cell has another of its label, `.noDirection`.
  public init(
    _ embedding: Matrix, column: String, labels: Grouping, queryRows: [Int], rows: [Int],
    units: [Int]?, unitName: String, settings: Settings = Settings(), source: String,
    workers: Workers = Workers()
  ) throws(AnalysisError) {
    let own = settings.includesSameUnit || units == nil ? Array(0..<embedding.rows) : units ?? []
    var generator = SplitMix64(seed: settings.sampling.seed, stream: 0x9A11)
    let drawn = generator.sample(settings.mostQueries, of: queryRows.count).map { queryRows[$0] }
    let scan = try GalleryScan(
      embedding.selecting(drawn), in: embedding.selecting(rows), metric: settings.metric,
      source: source, workers: workers)
    let codes = labels.codes
    let rankings = scan.map { query, distances in
      RankedPrecision(distances) { place in
        codes[rows[place]] == codes[drawn[query]]
      } takesPart: { place in
        own[rows[place]] != own[drawn[query]]
      }
    }
    let found = zip(drawn, rankings).compactMap { row, precision in precision.map { (row, $0) } }
    guard !found.isEmpty else {
      throw .tooFew(
        what: "cells of \(source) have a cell of the same '\(column)' in other \(unitName)",
        found: 0, needed: 1,
        advice: "Retrieval compares \(unitName): choose another --labels column.")
    }
    let queryUnits = units.map { units in found.map { units[$0.0] } }
    label = column
    ranked =
      units == nil || settings.includesSameUnit
      ? "other cell" : "cell of another \(unitName.dropLast())"
    queries = found.count
    available = queryRows.count
    gallery = rows.count
    nearest = Identification(
      label: column, method: "nearest cell", names: labels.names,
      predicted: found.map { codes[rows[$0.1.nearest]] }, truth: found.map { codes[$0.0] },
      training: rows.map { codes[$0] }, units: queryUnits, unitName: unitName,
      sampling: settings.sampling, workers: workers)

    let precisions = found.map { $0.1.averagePrecision }
    let drawnUnits = SamplingUnits(queryUnits, rows: found.count, name: unitName)
    let bounds = drawnUnits.intervals(
      resamples: settings.sampling.resamples, seed: settings.sampling.seed, workers: workers
    ) { units in
      var (sum, count) = (0.0, 0)
      for unit in units {
        for place in drawnUnits.members[unit] { sum += precisions[place] }
        count += drawnUnits.members[unit].count
      }
      return [sum / Double(max(1, count))]
    }
    let null = try ShuffledRanking(
      embedding, labels: codes, queryRows: found.map(\.0), rows: rows, units: units, own: own,
      unitName: unitName, settings: settings, source: source, workers: workers)
    shuffled = null.shuffled
    let count = Double(found.count)
    let value = precisions.reduce(0, +) / count
    let chance = found.reduce(0) { $0 + $1.1.chance } / count
    // The null is of a sample of cells: its spread around chance is what it tells.
    averagePrecision = Estimate(
      value: value, low: bounds[0].low, high: bounds[0].high, interval: drawnUnits.intervalName,
      chance: chance, nullHigh: null.high, pValue: null.pValue)
  }
}
