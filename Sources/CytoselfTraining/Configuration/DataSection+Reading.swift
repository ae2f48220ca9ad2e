public import CellData
import Foundation

extension DataSection {
  /// How the data set is to be read.
  public var options: CellDataOptions {
    func given(_ value: String) -> String? { value == "auto" ? nil : value }
    return CellDataOptions(
      channels: channels.isEmpty ? nil : channels,
      labelsTable: given(labelsTable).map { URL(filePath: $0) }, labelColumn: given(label),
      fieldColumn: given(field), intensityFactors: intensity.mapValues(Float.init),
      integerScale: integers == "none" ? .none : .unit,
      normalization: normalize == "crop" ? .crop : .none)
  }

  /// How the cells are to be split.
  public var splitRule: SplitRule {
    switch split {
    case "field": .field
    case "cell": .cell
    default: .column(split)
    }
  }
}
