import Foundation

/// Whether a column of text holds numbers: only if each text can be had back from its number.
///
/// A column is one of numbers when all of its values are written in one way, so that text to number and
/// back gives exactly the same text: whole numbers (`12`), the shortest decimals (`0.5`, `1e-05`, with whole
/// ones all as `2.0` or all as `2`), or decimals that all have as many digits after the point
/// (`1.10` and `1.25`). Anything else is text: `007`, `1E5`, `2310009E13`, `1_000`, `0x1F`, `infinity`, and
/// `1.10` beside `1.1`. Missing values decide nothing.
package enum NumberColumn {
  /// Whole numbers, one for each text; nil for a missing one.
  case integers([Int64?])
  /// Numbers, one for each text; not a number for a missing one.
  case numbers([Double])

  /// The numbers of different texts; nil if any is text, or all are missing.
  package init?(_ texts: [String]) {
    let isMissing = texts.map(MissingText.isMissing)
    let present = zip(texts, isMissing).filter { !$0.1 }.map(\.0)
    guard !present.isEmpty else { return nil }
    let integers = texts.map { Self.integer($0) }
    if zip(integers, isMissing).allSatisfy({ $0 != nil || $1 }) {
      self = .integers(integers)
      return
    }
    guard Self.isShortest(present) || Self.hasFixedDecimals(present),
      present.contains(where: { Double($0)?.isFinite == true })
    else { return nil }
    self = .numbers(zip(texts, isMissing).map { $1 ? .nan : Double($0) ?? .nan })
  }

  /// The number that a text of a column of numbers stands for: decimal digits, `inf` or `-inf`, with nothing
  /// that only programmers write (`0x1F`, `1_000`).
  package static func decimal(_ text: String) -> Double? {
    let isPlain = text.utf8.allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "+-.eE".utf8.contains($0)
    }
    guard isPlain || ["inf", "-inf"].contains(text.lowercased()) else { return nil }
    return Double(text)
  }

  private static func integer(_ text: String) -> Int64? {
    guard let value = Int64(text), String(value) == text else { return nil }
    return value
  }

  private static func isShortest(_ texts: [String]) -> Bool {
    var wholeWithPoint: Bool?
    for text in texts {
      guard let value = decimal(text) else { return false }
      let shortest = "\(value)"
      let isWhole = shortest.hasSuffix(".0")
      guard text == shortest || isWhole && text == shortest.dropLast(2) else { return false }
      if isWhole {
        let hasPoint = text == shortest
        guard wholeWithPoint ?? hasPoint == hasPoint else { return false }
        wholeWithPoint = hasPoint
      }
    }
    return true
  }

  private static func hasFixedDecimals(_ texts: [String]) -> Bool {
    var decimals: Int?
    for text in texts {
      guard let value = decimal(text), value.isFinite,
        let point = text.utf8.firstIndex(of: UInt8(ascii: "."))
      else { return false }
      let count = text.utf8.distance(from: point, to: text.utf8.endIndex) - 1
      guard (1...17).contains(count), decimals ?? count == count,
        String(format: "%.\(count)f", value) == text
      else { return false }
      decimals = count
    }
    return true
  }
}
