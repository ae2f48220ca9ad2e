public import ArgumentParser
public import CytoselfAnalysis
import Foundation

extension HeldOutFolds.Unit: ExpressibleByArgument {}

/// What the probes of `cytoself score` hold out, and how often.
struct HoldOutOptions: ParsableArguments {
  @Option(
    help: """
      What is held out: split (cells the model was not trained on), fields, proteins (then --labels is \
      coarser, such as a localization) or cells (default: split if there is one, else fields).
      """)
  var holdOut: HeldOutFolds.Unit?

  @Option(help: "The column that names fields of view (default: found by its name).")
  var field: String?

  @Option(help: "The column that names the protein, for --hold-out proteins (default: found).")
  var protein: String?

  @Option(
    help: """
      Rounds in which fields, proteins or cells are held out, at most as many as a typical class has.
      """)
  var folds = 5

  func validate() throws {
    guard folds >= 2 else { throw ValidationError("--folds is 2 or more.") }
  }

  /// What is held out of a table.
  ///
  /// - Throws: `AnalysisError` where the table lacks what is to be held out.
  func unit(of table: EmbeddingTable) throws -> HeldOutFolds.Unit {
    let hasSplit = table.split.map { $0.contains("test") || $0.contains("val") } ?? false
    guard let holdOut else {
      return hasSplit ? .split : (field ?? table.fieldColumn) != nil ? .fields : .cells
    }
    if holdOut == .split, !hasSplit {
      throw AnalysisError.badOption(
        name: "--hold-out", value: "split",
        expected: "fields, proteins or cells, since no cell has the split 'test' or 'val'")
    }
    return holdOut
  }

  /// The units that are resampled for intervals and excluded from retrieval; nil if unknown.
  ///
  /// - Throws: `AnalysisError.badOption` without the column that is needed, `.unknownColumn`.
  func units(
    _ unit: HeldOutFolds.Unit, of table: EmbeddingTable
  ) throws -> HeldOutProbe.Units? {
    switch unit {
    case .proteins:
      guard let column = protein ?? table.sayingProteinColumn() else {
        throw AnalysisError.badOption(
          name: "--protein", value: "not given", expected: "the column that names the protein")
      }
      return HeldOutProbe.Units("proteins", try table.labels(column))
    case .split, .fields, .cells:
      guard unit != .cells, let column = field ?? table.sayingFieldColumn() else {
        guard unit != .fields else {
          throw AnalysisError.badOption(
            name: "--field", value: "not given",
            expected: "the column that names fields of view; none has a usual name")
        }
        return nil
      }
      return HeldOutProbe.Units("fields", try table.labels(column))
    }
  }

  /// The rounds for one column of labels.
  ///
  /// - Throws: `AnalysisError.tooFew` where no query is left.
  func rounds(
    _ unit: HeldOutFolds.Unit, column: String, labels: [String], units: HeldOutProbe.Units?,
    table: EmbeddingTable, seed: UInt64, source: String
  ) throws -> HeldOutFolds {
    if unit == .split {
      return try HeldOutFolds(split: table.split ?? [], labels: labels, source: source)
    }
    if unit == .proteins, column == protein ?? table.proteinColumn {
      throw AnalysisError.badOption(
        name: "--hold-out", value: "proteins",
        expected: "another --labels column than '\(column)': the training set has no cell of a "
          + "held-out protein, so its name cannot be predicted")
    }
    return try HeldOutFolds(
      holdingOut: unit, groups: units?.codes ?? Array(labels.indices), labels: labels,
      count: folds, seed: seed, column: column)
  }
}
