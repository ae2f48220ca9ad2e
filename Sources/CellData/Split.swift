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

/// How a data set is split.
public enum SplitRule: Sendable, Equatable, CustomStringConvertible {
  /// By field of view within each protein, so that no field has cells in two parts.
  case field
  /// By cell within each protein: cells of one field sit in all parts, which flatters the result.
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

/// The share of each part of a split.
public struct SplitFractions: Sendable, Equatable {
  /// The share that trains, 0 to 1.
  public let train: Double
  /// The share that validates, 0 to 1.
  public let validation: Double
  /// The share that tests, 0 to 1.
  public let test: Double

  /// Upstream's: 0.82, 0.098 and 0.082.
  public static let standard = SplitFractions(parts: [0.82, 0.098, 0.082])

  /// Shares that are brought to a sum of one.
  ///
  /// - Parameters:
  ///   - train: the share that trains, above 0.
  ///   - validation: the share that validates.
  ///   - test: the share that tests.
  /// - Throws: `CellDataError.fractions` for a negative share or none that trains.
  public init(train: Double, validation: Double, test: Double) throws(CellDataError) {
    let parts = [train, validation, test]
    guard parts.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw .fractions("\(train), \(validation), \(test) are not all numbers of 0 or more")
    }
    guard train > 0 else { throw .fractions("the training part is \(train)") }
    self.init(parts: parts)
  }

  private init(parts: [Double]) {
    // Divided only when the sum is not one to the last bit, which is what upstream does: the limits
    // below are compared with whole numbers and must round the same way.
    let sum = parts[0] + parts[1] + parts[2]
    let scaled = sum == 1 ? parts : parts.map { $0 / sum }
    train = scaled[0]
    validation = scaled[1]
    test = scaled[2]
  }

  /// The share of a part.
  public subscript(part: Split.Part) -> Double {
    switch part {
    case .train: train
    case .validation: validation
    case .test: test
    }
  }
}
