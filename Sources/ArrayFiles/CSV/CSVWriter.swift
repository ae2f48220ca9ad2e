public import Foundation

/// Writes a table of comma-separated values; the file appears when it is complete.
///
/// Fields that hold a comma, a quote or a line end are quoted. Lines end in LF.
public final class CSVWriter {
  /// The number of columns.
  public let columnCount: Int
  private let file: AtomicFile
  private var line: [UInt8] = []

  /// Starts a table.
  ///
  /// - Throws: `inputOutput` when its folder does not exist or the system refuses.
  public init(_ url: URL, header: [String]) throws(ArrayFileError) {
    precondition(!header.isEmpty, "A table needs a column.")
    columnCount = header.count
    file = try AtomicFile(url)
    try append(header)
  }

  /// Takes up a table where an earlier process left it.
  ///
  /// - Parameters:
  ///   - url: the final name.
  ///   - columnCount: the number of columns, as before.
  ///   - byteCount: how much of it stands, as ``checkpoint()`` returned it; what follows is cut off.
  /// - Throws: `badData` when there is less of it; `inputOutput` when the system refuses.
  public init(_ url: URL, columnCount: Int, continuingAt byteCount: Int) throws(ArrayFileError) {
    self.columnCount = columnCount
    file = try AtomicFile(url, continuingAt: byteCount)
  }

  /// Syncs the rows written so far, so that a later process can take the table up from here.
  ///
  /// - Returns: The bytes of the file.
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func checkpoint() throws(ArrayFileError) -> Int { try file.checkpoint() }

  /// Leaves the unfinished table for a later process to take up.
  public func leave() { file.leave() }

  /// Appends a row.
  ///
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func append(_ fields: [String]) throws(ArrayFileError) {
    precondition(
      fields.count == columnCount, "A row of \(fields.count) fields in \(columnCount) columns.")
    line.removeAll(keepingCapacity: true)
    for (column, field) in fields.enumerated() {
      if column > 0 { line.append(UInt8(ascii: ",")) }
      put(field)
    }
    // An empty line would read as no row at all.
    if line.isEmpty { line.append(contentsOf: [UInt8(ascii: "\""), UInt8(ascii: "\"")]) }
    line.append(0x0A)
    try withRawBytes(of: line) { bytes throws(ArrayFileError) in try file.write(bytes) }
  }

  /// Syncs the table to the disk and gives it its name.
  ///
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func finish() throws(ArrayFileError) { try file.finish() }

  private func put(_ field: String) {
    let needsQuotes = field.utf8.contains {
      $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 0x0A || $0 == 0x0D
    }
    guard needsQuotes else {
      line.append(contentsOf: field.utf8)
      return
    }
    line.append(UInt8(ascii: "\""))
    for byte in field.utf8 {
      if byte == UInt8(ascii: "\"") { line.append(byte) }
      line.append(byte)
    }
    line.append(UInt8(ascii: "\""))
  }
}
