import ArrayFiles
import CytoselfAnalysis
import Foundation
import Numerics

/// What `cytoself score` works on: rounds, rows, covariates and a map.
extension ScoreCommand {
  /// Beyond so many columns probes work on principal components.
  private static let mostColumns = 512
  private static let usualComponents = 200

  /// The rounds of every column, and what they hold out.
  struct Plan {
    let units: HeldOutProbe.Units?
    let rounds: [(String, [String], HeldOutFolds)]
    let missing: String?
    let notes: [String]
  }

  /// Nil where no covariates are requested and too few cells have a label.
  func confounders(
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

  func plan(
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
        // These probes were not requested: the cluster score stands without them.
        guard holdOut.holdOut == nil else { throw error }
        missing.append("No probes of '\(column)': \(error)")
      }
    }
    let trained = unit == .split ? 0 : table.split?.count { $0 == "train" } ?? 0
    let note =
      "the model was trained on \(trained) of these cells: their embeddings may hold the labels it was "
      + "trained with, and the scores are optimistic"
    return Plan(
      units: units, rounds: rounds,
      missing: missing.isEmpty ? nil : missing.joined(separator: " "),
      notes: trained > 0 && !rounds.isEmpty ? [note] : [])
  }

  /// The rows that are probed, and what they are.
  func embedding(
    _ source: EmbeddingLayer, workers: Workers
  ) throws -> (Matrix, String) {
    try source.requireFinite()
    let wanted = pca ?? (source.columns > Self.mostColumns ? Self.usualComponents : 0)
    let count = min(wanted, source.rows - 1)
    guard count > 0, count < source.columns else {
      return (try source.matrix(), "\(source.columns.counted("column")) of \(source.layer)")
    }
    let reduction = try PrincipalComponents(
      source, count: count, seed: compute.seed, workers: workers)
    let share = reduction.explainedShares.reduce(0, +)
    return (
      try reduction.transform(source, workers: workers),
      "\(count.counted("principal component")) of \(source.layer) (\((100 * share).decimals(1)) % of its "
        + "variance)"
    )
  }

  func covariates(
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
  static func complete(
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

  func positions(
    _ matrix: Matrix, _ source: EmbeddingLayer, workers: Workers
  ) throws -> (Matrix, String) {
    if let map {
      let found = try MapPositions(map, rows: matrix.rows)
      return (found.positions, found.file)
    }
    guard matrix.columns > 3 else { return (matrix, "the embedding itself") }
    var settings = UMAPSettings()
    settings.seed = compute.seed
    let fitted = try UMAP(settings, workers: workers).fit(matrix, source: source.name)
    return (fitted.positions, "umap of \(source.layer), seed \(compute.seed)")
  }
}
