import ArrayFiles
import Numerics

/// Something about a label table that a person should know before trusting what was chosen from it.
public struct LabelWarning: Sendable, Equatable, CustomStringConvertible {
  /// A word for scripts, as `missing_labels`.
  public let kind: String
  /// The file or column.
  public let place: String
  /// What is odd.
  public let what: String
  /// What follows from it, and what to do.
  public let remedy: String
  /// Whether it concerns the table as such or the ids of cells, so that every use of the crops is affected;
  /// else a part that a column plays in training.
  public let concernsTable: Bool

  init(
    _ kind: String, _ place: String, _ what: String, _ remedy: String, concernsTable: Bool = false
  ) {
    (self.kind, self.place, self.what, self.remedy) = (kind, place, what, remedy)
    self.concernsTable = concernsTable
  }

  /// The whole as sentences.
  public var description: String { "\(place): \(what). \(remedy)" }
}

extension LabelWarning {
  /// Cells without a value in the column of proteins or fields; nil where all have one.
  static func missing(in column: LabelColumn, fields: Bool) -> LabelWarning? {
    let (count, texts) = column.missing
    guard count > 0 else { return nil }
    let shown = texts.filter { !$0.isEmpty }.map { "\"\($0)\"" }
    let words = shown.isEmpty ? "" : " (\(CellDataError.list(shown)))"
    let what =
      "\(count.counted("cell")) of \(column.count) \(count == 1 ? "has" : "have") "
      + "no value\(words)"
    return fields
      ? LabelWarning(
        "missing_fields", "column \(column.name)", what,
        "Those of a class count as one field of view: fill the values in.")
      : LabelWarning(
        "empty_labels", "column \(column.name)", what,
        "They are no class and take no part in training: fill the values in, or leave it so.")
  }
}

/// The columns that play a part in a data set.
struct LabelParts {
  let protein: LabelColumn?
  let field: LabelColumn?
  let cell: LabelColumn?
  private(set) var notes: [String] = []
  private(set) var warnings: [LabelWarning] = []

  /// Takes the columns that are named, else those that are likeliest.
  init(_ table: LabelTable, _ options: CellDataOptions, path: String) throws(CellDataError) {
    let wanted = [options.labelColumn, options.fieldColumn]
    guard !table.columns.isEmpty || wanted == [nil, nil] else { throw .noLabels(path: path) }
    let candidates = table.candidates
    let protein = ColumnChoice.protein(candidates)
    let field = ColumnChoice.field(candidates)
    self.protein =
      try options.labelColumn.map { name throws(CellDataError) in try table.column(name) }
      ?? protein.map { table.columns[$0.index] }
    self.field =
      try options.fieldColumn.map { name throws(CellDataError) in try table.column(name) }
      ?? field.map { table.columns[$0.index] }
    (cell, warnings) = Self.cellColumn(table)
    if let protein, options.labelColumn == nil {
      let name = table.columns[protein.index].name
      notes.append("proteins are identified by column \(name) (\(protein.reason))")
      for (index, reason) in protein.passedOver {
        warnings.append(
          LabelWarning(
            "passed_over", "column \(table.columns[index].name)",
            "by its name it says the protein, but \(reason)",
            "Column \(name) is taken instead; --label-column names another."))
      }
    }
    if let field, options.fieldColumn == nil {
      let name = table.columns[field.index].name
      notes.append("fields of view are identified by column \(name)")
      for (index, reason) in field.passedOver {
        warnings.append(
          LabelWarning(
            "passed_over", "column \(table.columns[index].name)",
            "by its name it says the field of view, but \(reason)",
            "Column \(name) is taken instead; --field-column names another."))
      }
    }
    if let cell { notes.append("cells are named by column \(cell.name)") }
    warnings += [
      self.protein.flatMap { LabelWarning.missing(in: $0, fields: false) },
      self.field.flatMap { LabelWarning.missing(in: $0, fields: true) },
    ].compactMap { $0 }
  }

  /// The column that names cells, if it tells all of them apart; one called `id` may well be something else.
  private static func cellColumn(_ table: LabelTable) -> (LabelColumn?, [LabelWarning]) {
    var warnings: [LabelWarning] = []
    for name in ColumnRole.cell {
      guard let column = table.firstColumn(named: [name]) else { continue }
      let missing = column.missing.count
      if column.isUnique, missing == 0 { return (column, warnings) }
      guard name != "id" else { continue }
      let counts = column.counts
      let repeated = column.values.indices.filter { counts[$0] > 1 }.map { column.values[$0] }
      warnings.append(
        LabelWarning(
          "duplicate_ids", "column \(column.name)",
          repeated.isEmpty
            ? "\(missing.counted("cell")) without an id"
            : "\(repeated.count.counted("id")) "
              + "\(repeated.count == 1 ? "occurs" : "occur") more than once "
              + "(\(CellDataError.list(repeated)))",
          "Cells are named by file and row instead. Make the ids unique to have them in outputs.",
          concernsTable: true))
    }
    return (nil, warnings)
  }
}
