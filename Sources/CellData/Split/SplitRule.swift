/// How a data set is split.
public enum SplitRule: Sendable, Equatable, CustomStringConvertible {
  /// By field of view within each protein, so that no field has cells in two parts.
  case field
  /// By cell within each protein: cells of one field sit in all parts, which makes the result too good.
  case cell
  /// By a column of the label table that says train, val or test.
  case column(String)

  /// `field`, `cell`, or `column` with its name.
  public var description: String {
    switch self {
    case .field: "field"
    case .cell: "cell"
    case .column(let name): "column \(name)"
    }
  }
}
