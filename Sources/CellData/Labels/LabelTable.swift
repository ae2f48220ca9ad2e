import ArrayFiles

/// The labels of all cells of a data set: named columns, one row per crop in data set order.
public struct LabelTable: Sendable, Equatable {
  /// The columns, in the order of the file.
  public let columns: [LabelColumn]
  /// Number of rows.
  public let count: Int

  /// A table without columns.
  static func empty(rows: Int) -> LabelTable { LabelTable(columns: [], count: rows) }

  /// The names of the columns, in order.
  public var names: [String] { columns.map(\.name) }

  /// Finds a column by name or, where no column has that name, by number.
  ///
  /// - Parameter reference: a name (letter case matters only where two names differ by nothing else)
  ///   or a number from 0; negative numbers count from the end, as `-1` for the last column.
  /// - Throws: `CellDataError.unknownColumn` with the columns there are.
  public func column(_ reference: String) throws(CellDataError) -> LabelColumn {
    if let exact = columns.first(where: { $0.name == reference }) { return exact }
    if let number = Int(reference) {
      let index = number < 0 ? columns.count + number : number
      if columns.indices.contains(index) { return columns[index] }
    }
    let folded = reference.lowercased()
    if let loose = columns.first(where: { $0.name.lowercased() == folded }) { return loose }
    throw .unknownColumn(name: reference, available: names)
  }

  /// The first column whose name is one of these, letter case apart, in order of preference.
  func firstColumn(named candidates: [String]) -> LabelColumn? {
    for candidate in candidates {
      if let found = columns.first(where: { $0.name.lowercased() == candidate }) { return found }
    }
    return nil
  }

  /// What decides about the part each column plays.
  var candidates: [ColumnChoice.Candidate] {
    columns.map { ColumnChoice.Candidate(name: $0.name, values: $0.values, codes: $0.codes) }
  }
}
