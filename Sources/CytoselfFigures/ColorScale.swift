/// A continuous scale of colours from 0 to 1.
public enum ColorScale: String, Sendable, CaseIterable {
  /// Black to white, for images.
  case gray
  /// Blue over white to red, for differences and correlations; white is 0.5.
  case diverging
  /// White to dark blue, for counts and shares.
  case blues
  /// Dark violet over green to yellow, even in lightness, for values on a map.
  case viridis

  /// The colour at a position; beyond the ends and for NaN, the nearest end and mid grey.
  public func color(at position: Double) -> Color {
    guard !position.isNaN else { return Color(0xBBBBBB) }
    if self == .gray {
      let level = UInt8((min(max(position, 0), 1) * 255).rounded())
      return Color(red: level, green: level, blue: level)
    }
    let stops = stops
    let place = min(max(position, 0), 1) * Double(stops.count - 1)
    let index = min(Int(place), stops.count - 2)
    return Color(stops[index]).mixed(with: Color(stops[index + 1]), place - Double(index))
  }

  /// Colours at even steps.
  ///
  /// Diverging: ColorBrewer RdBu reversed; blues: ColorBrewer Blues;
  /// viridis: nine samples of the map of that name (van der Walt and Smith, CC0).
  private var stops: [UInt32] {
    switch self {
    case .gray: [0x000000, 0xFFFFFF]
    case .diverging:
      [
        0x053061, 0x2166AC, 0x4393C3, 0x92C5DE, 0xD1E5F0, 0xF7F7F7, 0xFDDBC7, 0xF4A582, 0xD6604D,
        0xB2182B, 0x67001F,
      ]
    case .blues:
      [
        0xFFFFFF, 0xDEEBF7, 0xC6DBEF, 0x9ECAE1, 0x6BAED6, 0x4292C6, 0x2171B5, 0x08519C, 0x08306B,
      ]
    case .viridis:
      [
        0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725,
      ]
    }
  }
}
