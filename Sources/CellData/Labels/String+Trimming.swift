extension String {
  /// The text without white space at its ends.
  var trimmingSpaces: String {
    let start = unicodeScalars.firstIndex { !$0.properties.isWhitespace } ?? endIndex
    let end = unicodeScalars.lastIndex { !$0.properties.isWhitespace }
    guard let end else { return "" }
    return String(self[start...end])
  }
}
