/// Texts that say a table has no value there.
package enum MissingText {
  /// The words that pandas takes for missing when it reads a table, letter case apart, and Python's `NaT`.
  private static let words: Set<String> = [
    "nan", "na", "n/a", "<na>", "#n/a", "#na", "#n/a n/a", "null", "none", "nat", "-nan",
    "1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan",
  ]
  private static let longest = 9

  /// Whether a text stands for no value: white space alone, or one of the usual words.
  package static func isMissing(_ text: String) -> Bool {
    let text = text.trimmingSpaces
    if text.isEmpty { return true }
    return text.utf8.count <= longest && words.contains(text.lowercased())
  }

  /// A label: the text without white space at its ends, empty where there is no value.
  package static func label(_ text: String) -> String {
    isMissing(text) ? "" : text.trimmingSpaces
  }
}

extension String {
  /// The text without white space at its ends.
  package var trimmingSpaces: String {
    // Most labels begin and end in a plain letter or digit, and are left alone.
    if let first = utf8.first, let last = utf8.last, (0x21..<0x7F).contains(first),
      (0x21..<0x7F).contains(last)
    {
      return self
    }
    let start = unicodeScalars.firstIndex { !$0.properties.isWhitespace } ?? endIndex
    let end = unicodeScalars.lastIndex { !$0.properties.isWhitespace }
    guard let end else { return "" }
    return String(self[start...end])
  }
}
