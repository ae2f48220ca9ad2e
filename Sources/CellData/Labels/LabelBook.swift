import ArrayFiles

/// The classes of a label column and the class of every row: what the pretext task learns.
public struct LabelBook: Sendable, Equatable {
  /// The column the classes come from.
  public let column: String
  /// The distinct values, sorted by code points as NumPy sorts strings; a class is its index here.
  public let classes: [String]
  /// For each row of the data set its class, or -1 where a row was held out of the book or has no value.
  public let labels: [Int32]

  /// Makes the book of a column.
  ///
  /// Missing values (empty, `nan`, `NA`, `None` and the like) are no class.
  ///
  /// - Parameters:
  ///   - column: one value per row.
  ///   - load: the values to take; nil for all.
  ///   - hold: values to leave out.
  ///   - maximum: take the first so many of the sorted values that are left; nil for all.
  /// - Throws: `CellDataError.unknownProteins` for a listed value that does not occur.
  public init(
    _ column: LabelColumn, load: [String]? = nil, hold: [String] = [], maximum: Int? = nil
  ) throws(CellDataError) {
    let present = column.values.filter { !MissingText.isMissing($0) }
    let known = Set(present)
    let unknown = ((load ?? []) + hold).filter { !known.contains($0) }
    guard unknown.isEmpty else {
      throw .unknownProteins(names: unknown, column: column.name)
    }
    let loaded = load.map(Set.init)
    let held = Set(hold)
    var sorted =
      present
      .filter { (loaded?.contains($0) ?? true) && !held.contains($0) }
      .sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    if let maximum { sorted = Array(sorted.prefix(max(maximum, 0))) }
    self.init(column: column, classes: sorted)
  }

  /// Makes a book with the classes of an earlier one, for a column of other data.
  ///
  /// - Parameters:
  ///   - column: one value per row; rows with a value that is no class get -1.
  ///   - classes: the classes in their order.
  public init(column: LabelColumn, classes: [String]) {
    let index = Dictionary(
      classes.enumerated().map { ($0.element, Int32($0.offset)) }, uniquingKeysWith: { a, _ in a })
    let classOfCode = column.values.map { index[$0] ?? -1 }
    self.column = column.name
    self.classes = classes
    labels = column.codes.map { classOfCode[Int($0)] }
  }

  /// The rows that have a class, in order.
  public var rows: [Int] { labels.indices.filter { labels[$0] >= 0 } }

  /// How many rows each class has.
  public var counts: [Int] {
    var counts = [Int](repeating: 0, count: classes.count)
    for label in labels where label >= 0 { counts[Int(label)] += 1 }
    return counts
  }

  /// Checks that telling the classes apart is a task at all.
  ///
  /// - Throws: `CellDataError.oneClass`, or `.classesWithOneCell` with their names.
  public func checkPretextTask() throws(CellDataError) {
    guard classes.count > 1 else {
      throw .oneClass(column: column, value: classes.first ?? "")
    }
    let counts = counts
    let single = classes.indices.filter { counts[$0] < 2 }.map { classes[$0] }
    guard single.isEmpty else {
      throw .classesWithOneCell(column: column, classes: single)
    }
  }
}
