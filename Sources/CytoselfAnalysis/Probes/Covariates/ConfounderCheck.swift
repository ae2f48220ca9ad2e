import Numerics

/// How much of an embedding intensity, area, field of view and labels explain, and how well the
/// embedding predicts intensity and area.
public struct ConfounderCheck: Sendable, Equatable, Encodable {
  /// What one thing explains.
  public struct Explained: Sendable, Equatable, Codable {
    /// What explains: a covariate, several, a label, or a field beyond its label.
    public let name: String
    /// `covariate`, `covariates`, `label`, `field` or `beyond`.
    public let kind: String
    /// The share of the embedding's variance, with the parameters taken into account.
    public let share: VarianceShare
    /// The 95th percentile of the adjusted share when cells are shuffled; nil for differences.
    public let nullHigh: Double?
    /// The share of shuffles, the observed order among them, with at least its adjusted share.
    public let pValue: Double?
  }

  /// How well the embedding predicts a covariate of held-out fields.
  public struct Told: Sendable, Equatable, Codable {
    /// The covariate.
    public let name: String
    /// 1 - sum of squared errors / sum of squares about the mean of the training cells; below 0 where
    /// that mean is the better guess.
    public let r2: Double
    /// The ends of its 95 % interval.
    public let low: Double
    /// The ends of its 95 % interval.
    public let high: Double
    /// How the interval was made.
    public let interval: String
  }

  /// The cells that have every covariate and the label.
  public let cells: Int
  /// What explains the embedding.
  public let explained: [Explained]
  /// What the embedding explains; empty without held-out rounds.
  public let told: [Told]

  /// The most cells that the shares are computed of; of more a seeded sample.
  private static let mostCells = 20_000
  private static let mostShuffles = 199

  /// Checks.
  ///
  /// - Parameters:
  ///   - embedding: a row per cell, [cells, columns].
  ///   - covariates: numbers that should not matter, NaN where unknown; each a value for each cell.
  ///   - label: a column of labels and its entry for each cell.
  ///   - field: the column of fields and its entry for each cell.
  ///   - folds: the folds in which covariates are predicted from the embedding; nil leaves that out.
  ///   - sampling: resamples, shuffles and their seed.
  ///   - source: what to call the data in messages.
  ///   - workers: the threads.
  /// - Throws: `AnalysisError.tooFew` with fewer than ten cells.
  public init(
    _ embedding: Matrix, covariates: [(name: String, values: [Double])],
    label: (name: String, values: [String]), field: (name: String, values: [String])?,
    folds: HeldOutFolds?, sampling: Sampling = Sampling(), source: String = "the embedding",
    workers: Workers = Workers()
  ) throws(AnalysisError) {
    let complete = (0..<embedding.rows).filter { row in
      !label.values[row].isEmpty && covariates.allSatisfy { $0.values[row].isFinite }
    }
    guard complete.count >= 10 else {
      throw .tooFew(
        what: "cells of \(source) that have a label and every covariate", found: complete.count,
        needed: 10, advice: "Leave out the covariate that most cells lack.")
    }
    var generator = SplitMix64(seed: sampling.seed, stream: 0xC0F)
    let rows = generator.sample(Self.mostCells, of: complete.count).map { complete[$0] }
    let known = covariates.map { covariate in
      (name: covariate.name, values: rows.map { covariate.values[$0] })
    }
    let labels = Grouping(rows.map { label.values[$0] }).codes
    let fields = field.map { field in Grouping(rows.map { field.values[$0] }).codes }

    func share(_ groups: [Int]?, _ numbers: [[Double]]) -> VarianceShare {
      VarianceShare(embedding, rows: rows, groups: groups, covariates: numbers)
    }
    func explained(
      _ name: String, _ kind: String, _ groups: [Int]?, _ numbers: [[Double]]
    ) -> Explained {
      let observed = share(groups, numbers)
      let null = workers.map(min(Self.mostShuffles, sampling.permutations)) { permutation in
        var generator = SplitMix64(
          seed: sampling.seed, stream: 0xC0F_0000 + UInt64(permutation))
        var order = Array(rows.indices)
        generator.shuffle(&order)
        return VarianceShare(
          embedding, rows: order.map { rows[$0] }, groups: groups, covariates: numbers
        ).adjusted
      }
      let estimate = Estimate(
        observed.adjusted, bounds: (.nan, .nan), interval: "", null: null)
      return Explained(
        name: name, kind: kind, share: observed, nullHigh: estimate.nullHigh,
        pValue: estimate.pValue)
    }
    /// What the first explains that the second does not.
    func beyond(_ name: String, _ more: VarianceShare, _ less: VarianceShare) -> Explained {
      Explained(
        name: name, kind: "beyond",
        share: VarianceShare(
          share: more.share - less.share, adjusted: more.adjusted - less.adjusted,
          parameters: more.parameters - less.parameters),
        nullHigh: nil, pValue: nil)
    }

    var found = known.map { explained($0.name, "covariate", nil, [$0.values]) }
    let numbers = known.map(\.values)
    if known.count > 1 {
      found.append(explained("all \(known.count) together", "covariates", nil, numbers))
    }
    found.append(explained(label.name, "label", labels, []))
    if !numbers.isEmpty {
      found.append(
        beyond(
          "\(label.name) beyond these", share(labels, numbers), share(nil, numbers)))
    }
    if let field, let fields, Set(fields).count > 1, Set(fields).count < rows.count {
      found.append(explained(field.name, "field", fields, []))
      let width = (fields.max() ?? 0) + 1
      let both = zip(labels, fields).map { $0 * width + $1 }
      let less = share(labels, [])
      let more = share(both, [])
      // Where each class has one field nothing is left to distinguish them.
      if more.parameters > less.parameters {
        found.append(beyond("\(field.name) beyond \(label.name)", more, less))
      }
    }
    cells = rows.count
    self.explained = found
    told =
      folds.map { folds in
        CovariateProbe(
          embedding, covariates: covariates, folds: folds,
          units: field.map { Grouping($0.values).codes }, sampling: sampling, workers: workers
        ).told
      } ?? []
  }
}
