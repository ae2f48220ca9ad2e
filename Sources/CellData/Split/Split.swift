/// Which cells train, which validate and which test.
public struct Split: Sendable, Equatable {
  /// A part of the split; the raw value is the word used in files.
  public enum Part: String, Sendable, Codable, CaseIterable {
    /// Cells the model learns from.
    case train
    /// Cells that decide about the learning rate and when to stop.
    case validation = "val"
    /// Cells looked at once, at the end.
    case test
  }

  /// Rows of the data set that train, ascending.
  public let train: [Int]
  /// Rows that validate, ascending.
  public let validation: [Int]
  /// Rows that test, ascending.
  public let test: [Int]
  /// How the split was made, in a few words.
  public let rule: String
  /// What a person should know before trusting numbers on the held-out parts, in sentences.
  public let warnings: [String]

  /// The rows of a part.
  public subscript(part: Part) -> [Int] {
    switch part {
    case .train: train
    case .validation: validation
    case .test: test
    }
  }

  /// The part of every row of a data set of `count` rows; nil for rows that take no part.
  public func parts(count: Int) -> [Part?] {
    var parts = [Part?](repeating: nil, count: count)
    for part in Part.allCases {
      for row in self[part] { parts[row] = part }
    }
    return parts
  }

  init(_ parts: [Part?], rule: String, warnings: [String]) {
    var rows: [Part: [Int]] = [:]
    for (row, part) in parts.enumerated() {
      if let part { rows[part, default: []].append(row) }
    }
    train = rows[.train] ?? []
    validation = rows[.validation] ?? []
    test = rows[.test] ?? []
    self.rule = rule
    self.warnings = warnings
  }

  /// Splits a data set.
  ///
  /// - Parameters:
  ///   - data: the data set.
  ///   - book: the classes; rows it holds out take no part. Nil takes all rows as one class.
  ///   - rule: by field (the default), by cell, or by a column.
  ///   - fractions: the share of each part; not used with a column.
  ///   - seed: for what is drawn by chance, the split by cell.
  /// - Throws: `CellDataError.emptySplit`, `.unknownPart`, `.unknownColumn`.
  public init(
    _ data: CellDataSet, book: LabelBook?, rule: SplitRule = .field,
    fractions: SplitFractions = .standard, seed: UInt64 = 1
  ) throws(CellDataError) {
    let classes: [[Int]]
    if let book {
      var rows = [[Int]](repeating: [], count: book.classes.count)
      for (row, label) in book.labels.enumerated() where label >= 0 {
        rows[Int(label)].append(row)
      }
      classes = rows
    } else {
      classes = [Array(0..<data.count)]
    }
    var maker = SplitMaker(
      rows: classes, names: book?.classes ?? ["all cells"], count: data.count,
      fractions: fractions, seed: seed)
    switch rule {
    case .field:
      maker.splitByField(data.fieldColumn)
    case .cell:
      maker.splitByCell()
    case .column(let name):
      let column = try data.labels.column(name)
      try maker.split(by: column, of: data)
    }
    self.init(maker.parts, rule: rule.description, warnings: maker.warnings)
    if case .column = rule {
      // A table may do without a test part; training cannot do without validation.
      try requireCells([.train, .validation])
    } else {
      try requireCells(Part.allCases.filter { fractions[$0] > 0 })
    }
  }

  func requireCells(_ parts: [Part]) throws(CellDataError) {
    for part in parts where self[part].isEmpty {
      throw .emptySplit(part: part.rawValue, rule: rule)
    }
  }
}
