/// Rows of words set in columns for a terminal.
enum TextTable {
  /// The rows with each column as wide as its widest entry, two spaces before each.
  static func lines(_ rows: [[String]], rightAligned: Set<Int>) -> [String] {
    let width = rows.map(\.count).max() ?? 0
    // A row of one entry is a heading and may be longer.
    let widths = (0..<width).map { column in
      rows.map { $0.count > 1 && column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      let line = row.enumerated().reduce("") { line, entry in
        let room = max(0, widths[entry.offset] - entry.element.count)
        let space = String(repeating: " ", count: room)
        let isRight = rightAligned.contains(entry.offset)
        let text = isRight ? space + entry.element : entry.element + space
        return line + "  " + text
      }
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
