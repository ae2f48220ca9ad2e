/// Text of users (labels, names, titles) made harmless for a gnuplot script.
///
/// gnuplot runs what stands between backquotes, expands `@name`, and reads markup in `_^{}`; a label
/// is data and must do none of it. Every character that has a meaning anywhere in gnuplot is written
/// as an octal escape inside a double-quoted string, which gnuplot resolves after all of that, so a
/// script holds no character of a label that could end the string or start anything.
package enum FigureText {
  /// The longest label drawn; the rest is cut with an ellipsis.
  package static let longestLabel = 80

  /// A double-quoted gnuplot string that shows `text` as it is.
  ///
  /// Characters that steer (line ends, tabs, direction marks) become spaces or vanish.
  package static func quoted(_ text: String, limit: Int = longestLabel) -> String {
    var out = "\""
    for byte in printable(text, limit: limit).utf8 {
      if isPlain(byte) {
        out.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        out += "\\"
        out += String(UInt32(byte) + 512, radix: 8).dropFirst()
      }
    }
    return out + "\""
  }

  /// A quoted string for an axis tick, where gnuplot also reads `%` as the start of a format.
  package static func quotedTick(_ text: String, limit: Int = longestLabel) -> String {
    quoted(text, limit: limit).replacing("\\045", with: "\\045\\045")
  }

  /// The text on one line, without control and direction characters, at most `limit` characters.
  package static func printable(_ text: String, limit: Int = longestLabel) -> String {
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: out.append(" ")
      case .format, .surrogate, .privateUse: continue
      default: out.append(scalar)
      }
    }
    let line = String(out)
    return line.count <= limit ? line : line.prefix(max(limit - 1, 0)) + "…"
  }

  /// Text for HTML and SVG, with its five special characters as entities.
  package static func html(_ text: String) -> String {
    var out = ""
    out.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      case "\t", "\n": out.unicodeScalars.append(scalar)
      default:
        // Other control characters are not allowed in a page; U+FFFD shows that one was there.
        out.unicodeScalars.append(
          scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
      }
    }
    return out
  }

  /// Letters, digits, spaces and marks that mean nothing inside a gnuplot string.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    case UInt8(ascii: " "), UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "-"),
      UInt8(ascii: "+"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ":"),
      UInt8(ascii: "/"), UInt8(ascii: "="):
      true
    default: false
    }
  }
}
