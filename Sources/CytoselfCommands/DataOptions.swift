public import ArgumentParser
public import CellData
import Foundation

/// The options of every command that reads crops: which channels and columns, and what scale.
package struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Channels by name or number, separated by commas, as pro,nuc.", valueName: "names"))
  package var channels: String?

  @Option(
    help: ArgumentHelp(
      "The label table of a bare array; else one beside it is looked for.", valueName: "table.csv"),
    completion: .file(extensions: ["csv"]))
  package var labels: String?

  @Option(
    help: ArgumentHelp(
      "The column of the protein, by name or number.", valueName: "column"))
  package var labelColumn: String?

  @Option(
    help: ArgumentHelp(
      "The column of the field of view, by name or number.", valueName: "column"))
  package var fieldColumn: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Multiply the pixels of a channel, as nucdist=0.01. May be given several times.",
      valueName: "channel=factor"))
  package var intensity: [String] = []

  @Option(
    help: ArgumentHelp(
      "Scale of integer pixels: unit (0 to 1, the default) or none (as they are).",
      valueName: "scale"))
  package var integerScale: CellDataOptions.IntegerScale?

  @Option(
    help: ArgumentHelp(
      """
      Normalisation of pixels: none (the default), or crop, each channel of each crop by its own \
      brightness.
      """, valueName: "what"))
  package var normalize: CellDataOptions.Normalization?

  package init() {}

  /// Whether an option was given that is about crops alone, not about columns.
  var readsCrops: Bool {
    channels != nil || labels != nil || !intensity.isEmpty || integerScale != nil
      || normalize != nil
  }

  /// The options for crops whose columns do not matter, since cells are found by their ids.
  func optionsOfCrops() throws -> CellDataOptions {
    var options = try options()
    (options.labelColumn, options.fieldColumn) = (nil, nil)
    return options
  }

  /// The options as the data set takes them, over others where these were not given.
  ///
  /// - Throws: `ValidationError` for a factor that is not a number.
  package func options(
    over base: CellDataOptions = CellDataOptions()
  ) throws -> CellDataOptions {
    var factors: [String: Float] = [:]
    for entry in intensity {
      guard let sign = entry.lastIndex(of: "="), sign > entry.startIndex,
        let factor = Float(entry[entry.index(after: sign)...]), factor.isFinite
      else {
        throw ValidationError(
          "--intensity \(entry): expected a channel and a number, as nucdist=0.01.")
      }
      factors[String(entry[..<sign])] = factor
    }
    return CellDataOptions(
      channels: channels.map { $0.split(separator: ",").map(String.init) } ?? base.channels,
      labelsTable: labels.map { URL(filePath: $0) } ?? base.labelsTable,
      labelColumn: labelColumn ?? base.labelColumn, fieldColumn: fieldColumn ?? base.fieldColumn,
      intensityFactors: base.intensityFactors.merging(factors) { $1 },
      integerScale: integerScale ?? base.integerScale,
      normalization: normalize ?? base.normalization)
  }
}

extension CellDataOptions.IntegerScale: ExpressibleByArgument {}
extension CellDataOptions.Normalization: ExpressibleByArgument {}
