public import Foundation

/// Reads a table of comma-separated values row by row (RFC 4180).
///
/// The first row is the header. Fields may be quoted; lines may end in LF, CRLF or CR; a byte order
/// mark is skipped, and so are empty lines and the line `sep=;` that Excel puts first. Every row must have
/// as many fields as the header. Rows are counted as a spreadsheet does: the header is row 1.
public final class CSVReader {
  /// Where the file is.
  public var url: URL { file.url }
  /// The names of the columns; one that comes again has `.1`, `.2` and so on behind it, as in pandas.
  public private(set) var header: [String] = []
  /// Names that several columns share in the file.
  public private(set) var repeatedNames: [String] = []
  /// The character between fields.
  public let delimiter: UInt8
  /// The number of the row read last; the header is row 1.
  public private(set) var row = 0

  private let file: MappedFile
  private var position = 0
  /// Where each field of the row lies: in the file, or in `unescaped` when it held doubled quotes.
  private var fields: [Field] = []
  private var unescaped: [UInt8] = []

  private struct Field {
    var start: Int
    var count: Int
    var isUnescaped: Bool
  }

  /// Opens a table and reads its header.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - delimiter: the character between fields; nil chooses the comma, semicolon or tab that the
  ///     first line holds most of.
  /// - Throws: `badData` when the file is empty, no text, or its header is broken.
  public init(_ url: URL, delimiter: Character? = nil) throws(ArrayFileError) {
    file = try MappedFile(url)
    let bytes = file.bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw ArrayFileError(
        .badData, url, place: "byte 0", problem: "is UTF-16 text",
        advice: "Save it as UTF-8")
    }
    if let delimiter {
      guard let ascii = delimiter.asciiValue, !"\"\r\n".utf8.contains(ascii) else {
        throw ArrayFileError(
          .usage, url, problem: "cannot be split at '\(delimiter)'",
          advice: "Choose one ASCII character that is no quote and no line end")
      }
      self.delimiter = ascii
      _ = Self.declaredDelimiter(bytes, &position)
    } else {
      self.delimiter =
        Self.declaredDelimiter(bytes, &position) ?? Self.likelyDelimiter(bytes[position...])
    }
    guard try next() else {
      throw ArrayFileError(
        .badData, url, problem: "the table is empty, not even a header is there")
    }
    let names = (0..<fields.count).map { self[$0] }
    header = ColumnNames.unique(names)
    repeatedNames = ColumnNames.repeated(names)
  }

  /// The number of columns.
  public var columnCount: Int { header.count }

  /// The place of a column by name.
  public func columnIndex(_ name: String) -> Int? { header.firstIndex(of: name) }

  /// A field of the current row, as text.
  public subscript(_ column: Int) -> String {
    withField(column) { String(decoding: $0, as: UTF8.self) }
  }

  /// Hands the bytes of a field of the current row to a closure.
  public func withField<Result>(
    _ column: Int, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    let field = fields[column]
    let range = field.start..<field.start + field.count
    if field.isUnescaped {
      return unescaped.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
    return body(UnsafeRawBufferPointer(rebasing: file.bytes[range]))
  }

  /// Moves to the next row; false at the end.
  ///
  /// - Throws: `badData` naming the row when it has too few or too many fields, a broken quote,
  ///   a zero byte or invalid UTF-8.
  public func next() throws(ArrayFileError) -> Bool {
    let bytes = file.bytes
    while position < bytes.count, Self.isLineEnd(bytes[position]) { position += 1 }
    fields.removeAll(keepingCapacity: true)
    unescaped.removeAll(keepingCapacity: true)
    guard position < bytes.count else { return false }
    row += 1
    var goesOn = true
    while goesOn { goesOn = try readField(bytes) }
    if row > 1, fields.count != header.count { throw wrongCount() }
    return true
  }

  /// The error of a row with more or fewer fields than the header.
  private func wrongCount() -> ArrayFileError {
    let own = Character(Unicode.Scalar(delimiter))
    let (count, expected) = (fields.count, header.count)
    let text = fields.indices.map { self[$0] }.joined(separator: String(own))
    // Columns of one file at two characters, as when a program of another country added the rows.
    let other = Self.delimiters.first { other in
      other != delimiter && expected > 1 && text.utf8.count { $0 == other } == expected - 1
    }
    if let other {
      return failure(
        "is split at '\(Character(Unicode.Scalar(other)))', the header at '\(own)'",
        advice: "Save the table with one character between fields")
    }
    return failure(
      "has \(count) field\(count == 1 ? "" : "s"), the header has \(expected)",
      advice: count > expected ? "Put quotes around fields that hold a '\(own)'" : nil)
  }

  /// Reads one field; true when another follows in the row.
  private func readField(_ bytes: UnsafeRawBufferPointer) throws(ArrayFileError) -> Bool {
    let start = position
    var seen: UInt8 = 0
    var place = start
    if place < bytes.count, bytes[place] == Self.quote { return try readQuotedField(bytes) }
    while place < bytes.count {
      let byte = bytes[place]
      if byte == delimiter || byte == Self.lineFeed || byte == Self.carriageReturn { break }
      if byte == 0 { throw failure("has a zero byte (byte \(place)); this is not a text file") }
      seen |= byte
      place += 1
    }
    fields.append(Field(start: start, count: place - start, isUnescaped: false))
    if seen >= 0x80 { try checkText(bytes, start..<place) }
    return finishField(bytes, at: place)
  }

  private func readQuotedField(_ bytes: UnsafeRawBufferPointer) throws(ArrayFileError) -> Bool {
    let start = position + 1
    let unescapedStart = unescaped.count
    var copiedTo = start
    var place = start
    var hasDoubledQuotes = false
    while true {
      guard place < bytes.count else {
        throw failure(
          "has a quote at byte \(start - 1) that is never closed",
          advice: "Close it, or double quotes that belong to the text")
      }
      let byte = bytes[place]
      if byte == 0 { throw failure("has a zero byte (byte \(place)); this is not a text file") }
      if byte == Self.quote {
        guard place + 1 < bytes.count, bytes[place + 1] == Self.quote else { break }
        unescaped.append(contentsOf: bytes[copiedTo...place])
        hasDoubledQuotes = true
        copiedTo = place + 2
        place += 1
      }
      place += 1
    }
    try checkText(bytes, start..<place)
    if hasDoubledQuotes {
      unescaped.append(contentsOf: bytes[copiedTo..<place])
      fields.append(
        Field(
          start: unescapedStart, count: unescaped.count - unescapedStart, isUnescaped: true))
    } else {
      fields.append(Field(start: start, count: place - start, isUnescaped: false))
    }
    place += 1
    if place < bytes.count, bytes[place] != delimiter, !Self.isLineEnd(bytes[place]) {
      throw failure(
        "has text after a closing quote (byte \(place))",
        advice: "Double quotes that belong to the text")
    }
    return finishField(bytes, at: place)
  }

  private func finishField(_ bytes: UnsafeRawBufferPointer, at place: Int) -> Bool {
    guard place < bytes.count else {
      position = place
      return false
    }
    position = place + 1
    return bytes[place] == delimiter
  }

  private func checkText(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>
  ) throws(ArrayFileError) {
    if let wrong = UTF8Text.firstInvalid(UnsafeRawBufferPointer(rebasing: bytes[range])) {
      throw failure(
        "is not valid UTF-8 at byte \(range.lowerBound + wrong)", advice: "Save the file as UTF-8")
    }
  }

  private func failure(_ problem: String, advice: String? = nil) -> ArrayFileError {
    ArrayFileError(.badData, url, place: "row \(row)", problem: problem, advice: advice)
  }

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed: UInt8 = 0x0A
  private static let carriageReturn: UInt8 = 0x0D

  private static func isLineEnd(_ byte: UInt8) -> Bool {
    byte == lineFeed || byte == carriageReturn
  }

  private static let delimiters = Array(",;\t".utf8)

  /// The delimiter of a first line `sep=;`, which is passed over.
  private static func declaredDelimiter(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int
  ) -> UInt8? {
    let start = Array(bytes[position...].prefix(6))
    guard start.count == 6, String(decoding: start[..<4], as: UTF8.self).lowercased() == "sep=",
      isLineEnd(start[5]), !isLineEnd(start[4]), start[4] != quote, start[4] < 0x80
    else { return nil }
    position += 6
    return start[4]
  }

  private static func likelyDelimiter(_ bytes: Slice<UnsafeRawBufferPointer>) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in bytes.prefix(1 << 20) {
      if byte == quote { isQuoted.toggle() }
      if isQuoted { continue }
      if isLineEnd(byte) { break }
      counts[byte, default: 0] += 1
    }
    return delimiters.max { counts[$0, default: 0] < counts[$1, default: 0] }
      .flatMap { counts[$0, default: 0] > 0 ? $0 : nil } ?? UInt8(ascii: ",")
  }
}
