public import CellData
public import Foundation

/// The cells of a run: data set, classes, split and the variance that losses are measured in.
public struct TrainingData: Sendable {
  /// The data set.
  public let set: CellDataSet
  /// The classes that the classifier learns; nil where the model has none.
  public let book: LabelBook?
  /// Which cells train, validate and test.
  public let split: Split
  /// The variance of the training pixels over all channels.
  ///
  /// Losses of every phase are divided by this one number, so that they can be compared. (Upstream
  /// divides each phase by the variance of its own cells.)
  public let variance: Double
  /// What was decided for the user, and warnings, in sentences.
  public let notes: [String]

  /// Crops that the variance is computed from at most; more are sampled evenly.
  public static let varianceSample = 20_000

  /// Opens the data of a configuration.
  ///
  /// - Parameters:
  ///   - configuration: its `data` section says what to read, `training` the seed and threads.
  ///   - needsClasses: whether the model has a classifier.
  ///   - savedSplit: the `split.csv` of a run that is resumed; nil makes a new split.
  /// - Throws: `CellDataError` or ``TrainingError``.
  public init(
    _ configuration: TrainingConfiguration, needsClasses: Bool, savedSplit: URL? = nil
  ) throws {
    let section = configuration.data
    guard !section.path.isEmpty else {
      throw TrainingError.invalidValue(
        key: "data.path", value: "empty", expected: "the folder or .npy file with the crops")
    }
    set = try CellDataSet(URL(filePath: section.path), options: section.options)
    var notes = set.notes + set.warnings.map(\.description)
    if needsClasses || set.labelColumn != nil {
      book = try set.labelBook(
        load: section.load.isEmpty ? nil : section.load, hold: section.hold,
        maximum: section.maximumClasses == 0 ? nil : section.maximumClasses)
    } else {
      book = nil
    }
    if needsClasses { try book?.checkPretextTask() }
    if let savedSplit {
      split = try Split(contentsOf: savedSplit, data: set)
    } else {
      split = try Split(
        set, book: book, rule: section.splitRule,
        fractions: try SplitFractions(
          train: section.fractions[0], validation: section.fractions[1],
          test: section.fractions[2]),
        seed: configuration.training.seed)
    }
    notes += split.warnings
    for part in [Split.Part.train, .validation] where split[part].isEmpty {
      throw TrainingError.emptySplit(
        part.rawValue, reason: "give it a share in data.fractions, or use more cells.")
    }
    variance = try IntensityStatistics(
      set, rows: split.train, sampleLimit: Self.varianceSample,
      threads: configuration.training.loaderThreads
    ).variance
    guard variance > 0 else {
      throw TrainingError.doesNotFit(
        "\(section.path): all training pixels have the same value, so there is nothing to learn."
          + " Check the channels with `cytoself inspect`.")
    }
    self.notes = notes
  }

  /// Cells of the test set, or of the validation set where that is empty, of different classes as far as
  /// there are.
  ///
  /// - Parameter count: how many at most.
  /// - Returns: rows of the data set, in order.
  public func exampleRows(_ count: Int) -> [Int] {
    let rows = split.test.isEmpty ? split.validation : split.test
    guard let book else { return Array(rows.prefix(count)) }
    var firsts: [Int32: Int] = [:]
    for row in rows where firsts[book.labels[row]] == nil { firsts[book.labels[row]] = row }
    let different = firsts.values.sorted()
    let step = max(1, different.count / count)
    var chosen = stride(from: 0, to: different.count, by: step).map { different[$0] }
    chosen += rows.filter { !chosen.contains($0) }.prefix(count)
    return Array(chosen.prefix(count)).sorted()
  }
}
