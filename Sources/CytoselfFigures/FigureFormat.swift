/// A file format that figures are written in.
public enum FigureFormat: String, Sendable, CaseIterable {
  /// Pixels, 300 to the inch.
  case png
  /// Vectors for the browser and for drawing programs.
  case svg
  /// Vectors for manuscripts.
  case pdf

  /// Pixels to the inch of a PNG.
  public static let pixelsPerInch = 300

  /// The `set terminal` line for a page of this size in points (1/72 inch).
  ///
  /// The factors make one unit of line width one point and text as tall as its font size says in
  /// every format; they were measured, for the terminals disagree: the cairo ones lay text out at
  /// 96 dots to the inch, and PDF halves line widths.
  package func terminal(width: Double, height: Double) -> String {
    switch self {
    case .png:
      let scale = Double(Self.pixelsPerInch) / 72
      let textScale = Double(Self.pixelsPerInch) / 96
      return "set terminal pngcairo size \(Self.pixels(width)),\(Self.pixels(height)) enhanced "
        + "font \"Arial,8\" fontscale \(Numeral.plain(textScale)) linewidth \(Numeral.plain(scale)) "
        + "pointscale \(Numeral.plain(scale)) background \"#ffffff\""
    case .svg:
      return "set terminal svg size \(Numeral.plain(width)),\(Numeral.plain(height)) enhanced "
        + "font \"Arial,8\" linewidth 1 background \"#ffffff\""
    case .pdf:
      return
        "set terminal pdfcairo size \(Numeral.plain(width / 72))in,\(Numeral.plain(height / 72))in enhanced "
        + "font \"Arial,8\" fontscale 0.75 linewidth 2 pointscale 1 background \"#ffffff\""
    }
  }

  /// Pixels of a PNG for a length in points.
  package static func pixels(_ points: Double) -> Int {
    Int((points * Double(pixelsPerInch) / 72).rounded())
  }
}
