/// Widths of text in the sans-serif face that figures use, to lay out before drawing.
///
/// Advance widths of Helvetica in thousandths of the font size, which Arial and Liberation Sans share
/// by design. Characters beyond ASCII count as an average letter, and wide East Asian ones as a
/// full square.
package enum TextMetrics {
  /// The width of a line of text in points at a font size in points.
  package static func width(_ text: String, size: Double, bold: Bool = false) -> Double {
    var thousandths = 0
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 32..<127: thousandths += advances[Int(scalar.value) - 32]
      case 0x300..<0x370: continue  // combining marks sit on the letter before
      case 0x1100..<0x1160, 0x2E80..<0xD7B0, 0xF900..<0xFB00, 0xFE30..<0xFE50, 0xFF00..<0xFF61,
        0x1F300..<0x1FB00, 0x20000..<0x30000:
        thousandths += 1000
      default: thousandths += 584
      }
    }
    return Double(thousandths) / 1000 * size * (bold ? 1.07 : 1)
  }

  /// The widest of several lines.
  package static func widest(_ texts: some Sequence<String>, size: Double) -> Double {
    texts.reduce(0) { max($0, width($1, size: size)) }
  }

  /// The text cut with an ellipsis so that it fits a width in points.
  package static func fitted(_ text: String, width limit: Double, size: Double, bold: Bool = false)
    -> String
  {
    let line = FigureText.printable(text, limit: 400)
    if width(line, size: size, bold: bold) <= limit { return line }
    var kept = line[...]
    while !kept.isEmpty, width(String(kept) + "…", size: size, bold: bold) > limit {
      kept.removeLast()
    }
    return kept.isEmpty ? "" : String(kept) + "…"
  }

  private static let advances: [Int] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,  // space to /
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,  // 0 to ?
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,  // @ to O
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,  // P to _
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,  // ` to o
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,  // p to ~
  ]
}
