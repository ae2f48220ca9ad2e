import Foundation

extension InteractiveMap {
  /// The page with the library in it.
  func page(library: String) -> String {
    Page.map.filled([
      "title": FigureText.html(title), "style": Page.mapStyle, "data": dataObject(),
      "library": library, "behaviour": Page.mapBehaviour,
    ])
  }

  /// Everything the page shows as JSON; numbers as base64 of little-endian arrays.
  func dataObject() -> String {
    let known = Dictionary(
      palette.names.enumerated().map { ($1, UInt32($0)) }, uniquingKeysWith: { a, _ in a })
    let other = UInt32(palette.names.count)
    var parts = [
      "\"x\":\"\(base64(x.map(\.bitPattern)))\"", "\"y\":\"\(base64(y.map(\.bitPattern)))\"",
      "\"group\":\"\(base64(groups.map { known[$0] ?? other }))\"",
      "\"ids\":[" + ids.map(json).joined(separator: ",") + "]",
      "\"axes\":[\(json(axisNames.x)),\(json(axisNames.y))]",
    ]
    let legend = palette.names.map { name in
      "[\(json(name)),\"\(palette[name].color.hex)\",\"\(symbol(palette[name].marker))\"]"
    }
    parts.append(
      "\"groups\":["
        + (legend + ["[\"others\",\"\(Color.others.hex)\",\"circle\"]"]).joined(separator: ",")
        + "]")
    let shown = [Column(name: groupName, values: groups)] + columns
    let encoded = shown.map { column in
      var places: [String: UInt32] = [:]
      var levels: [String] = []
      let codes = column.values.map { value -> UInt32 in
        if let place = places[value] { return place }
        let place = UInt32(levels.count)
        places[value] = place
        levels.append(value)
        return place
      }
      return "{\"name\":\(json(column.name)),\"levels\":["
        + levels.map(json).joined(separator: ",") + "],\"codes\":\"\(base64(codes))\"}"
    }
    parts.append("\"columns\":[" + encoded.joined(separator: ",") + "]")
    if let pictures, !pictures.cells.isEmpty {
      parts.append(
        "\"pictures\":{\"side\":\(pictures.side),\"cells\":\"\(base64(pictures.cells.map(UInt32.init)))\","
          + "\"pixels\":\"\(Data(pictures.pixels).base64EncodedString())\"}")
    }
    return "{" + parts.joined(separator: ",") + "}"
  }

  private func base64(_ values: [UInt32]) -> String {
    var data = Data(capacity: 4 * values.count)
    for value in values { withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) } }
    return data.base64EncodedString()
  }

  private func symbol(_ marker: Marker) -> String {
    switch marker {
    case .circle: "circle"
    case .triangle: "triangle-up"
    case .square: "square"
    case .diamond: "diamond"
    case .wedge: "triangle-down"
    }
  }

  /// A JSON string that cannot end the element it stands in.
  private func json(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{0}"..."\u{1F}", "\u{7F}":
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}
