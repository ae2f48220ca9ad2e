/// How well predicted labels agree with true ones, with an interval and chance beside every number.
///
/// Accuracy, balanced accuracy, F1, precision and recall are as scikit-learn defines them. Chance is
/// what the same predictions score when the true labels are shuffled: labels of whole units (fields
/// of view) where each has one label, else of cells.
public struct Identification: Sendable, Equatable, Encodable {
  /// The scores of one label.
  public struct ClassScore: Sendable, Equatable, Codable {
    /// The label.
    public let name: String
    /// The cells that have it.
    public let cells: Int
    /// The cells that were given it.
    public let assigned: Int
    /// The cells that have it and were given it.
    public let correct: Int
    /// The share of the cells that have it that were given it; nil if none has it.
    public let recall: Double?
    /// The lower end of the recall's 95 % interval.
    public let recallLow: Double?
    /// The upper end of the recall's 95 % interval.
    public let recallHigh: Double?
    /// The share of the cells that were given it that have it; nil if none was given it.
    public let precision: Double?
    /// 2 TP / (2 TP + FP + FN).
    public let f1: Double
  }

  /// The label column.
  public let label: String
  /// How the labels were predicted.
  public let method: String
  /// The number of test rows.
  public let cells: Int
  /// How many units (fields or proteins) these are of; nil if unknown.
  public let units: Int?
  /// The share predicted correctly.
  public let accuracy: Estimate
  /// The mean over the labels of the truth of the share predicted correctly.
  public let balancedAccuracy: Estimate
  /// The mean of F1 over the labels of truth and predictions.
  public let macroF1: Estimate
  /// The accuracy of always predicting the most frequent label of the training set.
  public let majority: Double
  /// What was shuffled for chance and p values: `fields`, `proteins` or `cells`.
  public let shuffled: String
  /// The scores of each label of truth or predictions, in the order of names.
  public let classes: [ClassScore]
  /// How often rows of each label were given each label, where at least once.
  public let confusion: [Confusion]

  /// How often rows of one label were given another, or the same.
  public struct Confusion: Sendable, Equatable, Codable {
    /// The true label, by its place in ``Identification/classes``.
    public let truth: Int
    /// The label given, by its place in ``Identification/classes``.
    public let assigned: Int
    /// How many rows.
    public let cells: Int
  }

  // Classes and pairs have tables of their own.
  private enum CodingKeys: String, CodingKey {
    case label, method, cells, units, accuracy, balancedAccuracy, macroF1, majority, shuffled
  }

  /// Scores predictions.
  ///
  /// - Parameters:
  ///   - label: the column of the labels.
  ///   - method: how the rows were named, for the output.
  ///   - names: the labels that codes stand for.
  ///   - predicted: label codes, one per row.
  ///   - truth: the true codes of the same rows.
  ///   - training: the codes of the training set, for the majority.
  ///   - units: the field (or protein) of each row; nil where unknown.
  ///   - unitName: what a unit is.
  ///   - sampling: resamples, shuffles and their seed.
  ///   - workers: the threads.
  public init(
    label: String, method: String, names: [String], predicted: [Int], truth: [Int], training: [Int],
    units: [Int]? = nil, unitName: String = "fields", sampling: Sampling = Sampling(),
    workers: Workers = Workers()
  ) {
    precondition(predicted.count == truth.count, "One prediction per row.")
    let tally = LabelTally(predicted: predicted, truth: truth, classes: names.count)
    let drawn = SamplingUnits(units, rows: truth.count, name: unitName)
    let observed = tally.counts.scores()
    let bounds = tally.intervals(drawn, sampling: sampling, workers: workers)
    let exchanged = drawn.pure(truth)
    let null = tally.null(exchanged, sampling: sampling, workers: workers)
    func estimate(_ place: Int) -> Estimate {
      Estimate(
        observed[place], bounds: bounds[place], interval: drawn.intervalName,
        null: null.map { $0[place] })
    }
    self.label = label
    self.method = method
    cells = truth.count
    self.units = units.map { Set($0).count }
    shuffled = exchanged.name
    let share = estimate(0)
    // Cells of a field may all be right: then draws agree, and the cells' own number sets the width.
    let single = Proportion(successes: tally.counts.correct.reduce(0, +), trials: truth.count)
    let isSingle = drawn.name == "cells"
    accuracy = Estimate(
      value: share.value, low: isSingle ? single.low : min(share.low, single.low),
      high: isSingle ? single.high : max(share.high, single.high),
      interval: isSingle ? single.interval : share.interval, chance: share.chance,
      nullHigh: share.nullHigh, pValue: share.pValue)
    balancedAccuracy = estimate(1)
    macroF1 = estimate(2)
    var frequency = [Int](repeating: 0, count: names.count)
    for code in training { frequency[code] += 1 }
    let most = frequency.indices.max { (frequency[$0], $1) < (frequency[$1], $0) }
    let hits = truth.reduce(0) { $0 + ($1 == most ? 1 : 0) }
    majority = Double(hits) / Double(max(1, truth.count))
    let present = names.indices.filter { tally.counts.truth[$0] + tally.counts.predicted[$0] > 0 }
    classes = present.map {
      tally.counts.score(of: $0, name: names[$0], recallBounds: bounds[3 + $0])
    }
    confusion = tally.pairs(present)
  }

  /// The classes that rows truly have.
  public var trueClasses: Int { classes.reduce(0) { $0 + ($1.cells > 0 ? 1 : 0) } }
}
