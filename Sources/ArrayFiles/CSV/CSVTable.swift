public import Foundation

/// A whole table of comma-separated values, compact in memory.
///
/// Each column keeps its different values once and a four-byte number per row, so a million rows of
/// labels take a few megabytes a column.
public struct CSVTable: Sendable {
  /// Where it was read from.
  public let url: URL
  /// The names of the columns; one that comes again has `.1`, `.2` and so on behind it, as in pandas.
  public let header: [String]
  /// Names that several columns share in the file.
  public let repeatedNames: [String]
  /// The rows without the header.
  public let rowCount: Int
  /// The columns in the order of the header.
  public let columns: [CSVColumn]

  /// Reads a table.
  ///
  /// - Throws: what `CSVReader` throws, naming the row.
  public init(_ url: URL, delimiter: Character? = nil) throws(ArrayFileError) {
    let reader = try CSVReader(url, delimiter: delimiter)
    var builders = reader.header.map { CSVColumn.Builder(name: $0) }
    var rowCount = 0
    while try reader.next() {
      for column in builders.indices {
        reader.withField(column) { builders[column].append($0) }
      }
      rowCount += 1
      guard rowCount < Int(Int32.max) else {
        throw ArrayFileError(.badData, url, problem: "has more than two thousand million rows")
      }
    }
    self.url = url
    self.rowCount = rowCount
    header = reader.header
    repeatedNames = reader.repeatedNames
    columns = builders.map { $0.finished(url) }
  }

  /// The place of a column by name.
  public func columnIndex(_ name: String) -> Int? { header.firstIndex(of: name) }

  /// A column by name.
  ///
  /// - Throws: `usage` naming the columns there are.
  public func column(_ name: String) throws(ArrayFileError) -> CSVColumn {
    guard let index = columnIndex(name) else {
      let known = header.prefix(20).joined(separator: ", ")
      throw ArrayFileError(
        .usage, url, problem: "has no column '\(name)'",
        advice: "Its columns are: \(known)\(header.count > 20 ? ", ..." : "")")
    }
    return columns[index]
  }

  /// A field as text; `row` counts from 0 without the header.
  public subscript(row: Int, column: Int) -> String { columns[column][row] }
}
