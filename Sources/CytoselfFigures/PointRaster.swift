import Foundation

/// Many points drawn into pixels, where a vector file would be slow and a solid blob.
///
/// Points are laid over each other in the order given with an opacity that falls where many share a
/// place, so that a dense region shows the mixture of its groups and its own shading.
struct PointRaster {
  let width: Int
  let height: Int
  /// Red, green and blue of each pixel, 0 to 1, row after row from the top.
  private var levels: [Float]

  /// White paper of this size.
  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    levels = [Float](repeating: 1, count: 3 * width * height)
  }

  /// Lays one marker over the picture.
  mutating func draw(
    _ stamps: MarkerStamps, marker: Marker, x: Double, y: Double, color: Color, opacity: Float
  ) {
    guard x.isFinite, y.isFinite, x > -50, y > -50, x < Double(width) + 50, y < Double(height) + 50
    else { return }
    let stamp = stamps.stamp(marker, x: x, y: y)
    let left = Int(x.rounded(.down)) - stamps.reach
    let top = Int(y.rounded(.down)) - stamps.reach
    let red = Float(color.red) / 255
    let green = Float(color.green) / 255
    let blue = Float(color.blue) / 255
    let side = stamps.side
    for row in max(0, -top)..<max(min(side, height - top), max(0, -top)) {
      var pixel = 3 * ((top + row) * width + left)
      for column in 0..<side {
        defer { pixel += 3 }
        let cover = stamp[row * side + column] * opacity
        guard cover > 0, left + column >= 0, left + column < width else { continue }
        levels[pixel] += (red - levels[pixel]) * cover
        levels[pixel + 1] += (green - levels[pixel + 1]) * cover
        levels[pixel + 2] += (blue - levels[pixel + 2]) * cover
      }
    }
  }

  /// Red, green and blue bytes, row after row from the top.
  var bytes: Data {
    Data(levels.map { UInt8((min(max($0, 0), 1) * 255).rounded()) })
  }
}

/// How much of each pixel a marker covers, at sixteen positions inside a pixel.
struct MarkerStamps {
  /// Pixels on each side of the middle one.
  let reach: Int
  var side: Int { 2 * reach + 1 }
  private var stamps: [Marker: [[Float]]] = [:]

  /// Stamps of markers with this diameter in pixels.
  init(diameter: Double, markers: some Sequence<Marker>) {
    reach = Int((diameter / 2 + 1).rounded(.up))
    for marker in markers where stamps[marker] == nil {
      stamps[marker] = (0..<16).map { phase in
        Self.coverage(
          marker, radius: diameter / 2, reach: reach, shiftX: (Double(phase % 4) + 0.5) / 4,
          shiftY: (Double(phase / 4) + 0.5) / 4)
      }
    }
  }

  func stamp(_ marker: Marker, x: Double, y: Double) -> [Float] {
    let column = min(Int((x - x.rounded(.down)) * 4), 3)
    let row = min(Int((y - y.rounded(.down)) * 4), 3)
    return stamps[marker]?[row * 4 + column] ?? []
  }

  private static func coverage(
    _ marker: Marker, radius: Double, reach: Int, shiftX: Double, shiftY: Double
  ) -> [Float] {
    let side = 2 * reach + 1
    let samples = 5
    var cover = [Float](repeating: 0, count: side * side)
    for row in 0..<side {
      for column in 0..<side {
        var inside = 0
        for sample in 0..<samples * samples {
          let x =
            Double(column - reach) + (Double(sample % samples) + 0.5) / Double(samples) - shiftX
          let y =
            Double(row - reach) + (Double(sample / samples) + 0.5) / Double(samples) - shiftY
          if contains(marker, x / radius, y / radius) { inside += 1 }
        }
        cover[row * side + column] = Float(inside) / Float(samples * samples)
      }
    }
    return cover
  }

  /// Whether a marker of radius 1 holds a point; `y` grows downwards.
  private static func contains(_ marker: Marker, _ x: Double, _ y: Double) -> Bool {
    switch marker {
    case .circle: x * x + y * y <= 1
    case .square: abs(x) <= 0.89 && abs(y) <= 0.89
    case .diamond: abs(x) + abs(y) <= 1.2
    case .triangle: y <= 0.8 && abs(x) * 1.6 <= y + 1.1
    case .wedge: y >= -0.8 && abs(x) * 1.6 <= 1.1 - y
    }
  }
}
