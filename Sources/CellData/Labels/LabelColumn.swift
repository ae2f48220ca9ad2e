import ArrayFiles

/// One column of a label table: every distinct value once, and a number per row.
///
/// A million rows of a column with a thousand values take four megabytes, which is why the rows are
/// not kept as strings.
public struct LabelColumn: Sendable, Equatable {
  /// The column's name in the table, or one made up where the table has none.
  public let name: String
  /// The distinct values, in the order in which they first occur.
  public let values: [String]
  /// For each row the index of its value.
  public let codes: [Int32]

  /// The value of a row.
  public subscript(row: Int) -> String { values[Int(codes[row])] }

  /// Number of rows.
  public var count: Int { codes.count }

  /// For each value whether it stands for a missing one: empty, `nan`, `NA`, `None` and the like.
  public var isMissing: [Bool] { values.map(MissingText.isMissing) }

  /// How many rows have no value, and the texts that say so.
  var missing: (count: Int, texts: [String]) {
    let found = isMissing
    let counts = counts
    let places = values.indices.filter { found[$0] }
    return (places.reduce(0) { $0 + counts[$1] }, places.map { values[$0] })
  }

  /// Whether no two rows have the same value.
  public var isUnique: Bool { values.count == codes.count }

  /// How many rows have each value.
  public var counts: [Int] {
    var counts = [Int](repeating: 0, count: values.count)
    for code in codes { counts[Int(code)] += 1 }
    return counts
  }

  /// Gathers the values of a column row by row.
  struct Builder {
    let name: String
    private var values: [String] = []
    private var codes: [Int32] = []
    private var codeOf: [String: Int32] = [:]
    private var last: Int32 = -1

    init(_ name: String) { self.name = name }

    mutating func append(_ value: String) {
      // Tables are mostly sorted, so that the last value is the likeliest next one.
      if last >= 0, values[Int(last)] == value {
        codes.append(last)
        return
      }
      if let known = codeOf[value] {
        last = known
      } else {
        last = Int32(values.count)
        codeOf[value] = last
        values.append(value)
      }
      codes.append(last)
    }

    func finish() -> LabelColumn { LabelColumn(name: name, values: values, codes: codes) }
  }
}
