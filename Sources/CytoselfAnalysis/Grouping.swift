/// Rows grouped by a label: the sorted unique labels and, for each row, the number of its label.
public struct Grouping: Sendable, Equatable {
  /// The labels, sorted.
  public let names: [String]
  /// For each row the index of its label in `names`.
  public let codes: [Int]

  /// Groups rows by their labels.
  public init(_ labels: [String]) {
    names = Set(labels).sorted()
    var index: [String: Int] = [:]
    for (code, name) in names.enumerated() { index[name] = code }
    codes = labels.map { index[$0] ?? 0 }
  }

  private init(names: [String], codes: [Int]) {
    self.names = names
    self.codes = codes
  }

  /// The number of rows.
  public var count: Int { codes.count }

  /// The number of rows with each label.
  public var sizes: [Int] {
    var sizes = [Int](repeating: 0, count: names.count)
    for code in codes { sizes[code] += 1 }
    return sizes
  }

  /// The listed rows, with the same names.
  public func selecting(_ rows: [Int]) -> Grouping {
    Grouping(names: names, codes: rows.map { codes[$0] })
  }

  /// The rows of each label, ascending.
  public var members: [[Int]] {
    var members = [[Int]](repeating: [], count: names.count)
    for (row, code) in codes.enumerated() { members[code].append(row) }
    return members
  }
}
