import Foundation

/// Points of a map in the frame they are drawn in, with the size and opacity that suit their number.
struct PointCloud {
  /// Above this many points the map is drawn as pixels.
  static let mostVectorPoints = 4000
  /// Above this many points no table of points is kept beside the figure.
  static let mostListedPoints = 200_000

  let x: [Float]
  let y: [Float]
  let frame: Frame
  let xRange: ClosedRange<Double>
  let yRange: ClosedRange<Double>

  /// Points in a frame, one unit as long upwards as sideways.
  init(x: [Float], y: [Float], in frame: Frame) {
    self.x = x
    self.y = y
    self.frame = frame
    func ends(_ values: [Float]) -> (Double, Double) {
      var low = Float.infinity
      var high = -Float.infinity
      for value in values where value.isFinite {
        low = min(low, value)
        high = max(high, value)
      }
      return low.isFinite ? (Double(low), Double(high)) : (0, 1)
    }
    let (left, right) = ends(x)
    let (lower, upper) = ends(y)
    // All cells in one place still need a range that is not empty.
    let least = max(abs(left), abs(right), abs(lower), abs(upper), 1e-6) * 1e-6
    let unit =
      max((right - left) / frame.width, (upper - lower) / frame.height, least) * 1.08
    let halfWidth = unit * frame.width / 2
    let halfHeight = unit * frame.height / 2
    xRange = (left + right) / 2 - halfWidth...(left + right) / 2 + halfWidth
    yRange = (lower + upper) / 2 - halfHeight...(lower + upper) / 2 + halfHeight
  }

  /// The place of a point on the page.
  func place(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    (
      frame.x + (x - xRange.lowerBound) / (xRange.upperBound - xRange.lowerBound) * frame.width,
      frame.bottom - (y - yRange.lowerBound) / (yRange.upperBound - yRange.lowerBound)
        * frame.height
    )
  }

  /// Points to the unit of the map.
  var scale: Double { frame.width / (xRange.upperBound - xRange.lowerBound) }

  /// The diameter of a point: 4.5 pt for few, falling with the cube root of their number.
  static func diameter(count: Int) -> Double {
    min(max(4.5 * pow(Double(max(count, 1)) / 400, -1.0 / 3), 0.7), 4.5)
  }

  /// The opacity of the points: low where many lie on each other.
  ///
  /// One value for all, so that a dense region is darker than a sparse one; it is chosen where the
  /// map is crowded, so that even there single points and mixtures of groups are seen.
  func opacity(diameter: Double) -> Float {
    // Counts in cells of three diameters.
    let cell = max(3 * diameter, 2)
    let columns = Int(frame.width / cell) + 1
    var counts: [Int: Int] = [:]
    for index in x.indices where x[index].isFinite && y[index].isFinite {
      let place = place(Double(x[index]), Double(y[index]))
      let column = Int((place.x - frame.x) / cell)
      counts[Int((place.y - frame.y) / cell) * columns + column, default: 0] += 1
    }
    // The cell that holds the point at the 90th percentile of crowding.
    var left = x.count / 10
    let crowded = counts.values.sorted(by: >).first { count in
      left -= count
      return left < 0
    }
    // How many markers lie over each place there, if the cell's points are spread over it.
    let layers = Double(crowded ?? 1) * Double.pi / 4 * diameter * diameter / (cell * cell)
    return Float(min(max(0.85 / pow(max(layers, 0.1), 0.4), 0.3), 0.9))
  }

  /// The points in a seeded random order, so that no group covers another for being last.
  static func shuffledOrder(_ count: Int, behind: (Int) -> Bool) -> [Int] {
    var order = Array(0..<count)
    var state: UInt64 = 0x9E37_79B9
    for index in stride(from: count - 1, to: 0, by: -1) {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      order.swapAt(index, Int((state >> 33) % UInt64(index + 1)))
    }
    return order.filter(behind) + order.filter { !behind($0) }
  }

  /// Draws the points on a page in their own frame.
  ///
  /// - Parameters:
  ///   - order: The points to draw, first at the bottom.
  ///   - names: The group of each point for the table beside the figure, by number.
  func draw(
    on page: inout FigurePage, order: [Int], color: (Int) -> Color, marker: (Int) -> Marker,
    isBehind: (Int) -> Bool, column: (name: String, value: (Int) -> Double), lines: [String]
  ) {
    let diameter = Self.diameter(count: x.count)
    let opacity = opacity(diameter: diameter)
    var table = NumberTable(["x", "y", "color", "point", "size", column.name])
    let isRaster = order.count > Self.mostVectorPoints
    if order.count <= Self.mostListedPoints {
      for index in order {
        let rgb = color(index)
        let transparency = isRaster ? 0 : UInt32((1 - opacity) * 255)
        let number =
          transparency << 24 | UInt32(rgb.red) << 16 | UInt32(rgb.green) << 8
          | UInt32(rgb.blue)
        table.row([
          Double(x[index]), Double(y[index]), Double(number), Double(marker(index).pointType),
          diameter / marker(index).unitDiameter * (isBehind(index) ? 0.85 : 1), column.value(index),
        ])
      }
    }
    let listed =
      order.count <= Self.mostListedPoints ? page.data("points.tsv", table.content) : ""
    let vector =
      "\(listed) using 1:2:5:4:3 with points pointsize variable pointtype variable lc rgb variable"
    var plots = [vector]
    var extra = lines
    if isRaster {
      let pixels = raster(
        order: order, diameter: diameter, opacity: opacity, color: color, marker: marker)
      let file = page.data("points.rgb", pixels.bytes)
      let dx = (xRange.upperBound - xRange.lowerBound) / Double(pixels.width)
      let dy = (yRange.upperBound - yRange.lowerBound) / Double(pixels.height)
      if !listed.isEmpty { extra.append("# As vectors: plot \(vector)") }
      plots = [
        "\(file) binary array=(\(pixels.width),\(pixels.height)) flip=y dx=\(dx) dy=\(dy)"
          + " origin=(\(xRange.lowerBound + dx / 2),\(yRange.lowerBound + dy / 2))"
          + " format=\"%uchar\" using 1:2:3 with rgbimage"
      ]
    }
    page.panel(
      frame,
      lines: [
        "set xrange [\(xRange.lowerBound):\(xRange.upperBound)]",
        "set yrange [\(yRange.lowerBound):\(yRange.upperBound)]",
      ] + extra + ["plot " + plots.joined(separator: ", \\\n  ")])
  }

  private func raster(
    order: [Int], diameter: Double, opacity: Float, color: (Int) -> Color,
    marker: (Int) -> Marker
  ) -> PointRaster {
    let pixelsPerPoint = Double(FigureFormat.pixelsPerInch) / 72
    var raster = PointRaster(
      width: FigureFormat.pixels(frame.width), height: FigureFormat.pixels(frame.height))
    let stamps = MarkerStamps(diameter: diameter * pixelsPerPoint, markers: Marker.allCases)
    for index in order where x[index].isFinite && y[index].isFinite {
      let place = place(Double(x[index]), Double(y[index]))
      raster.draw(
        stamps, marker: marker(index), x: (place.x - frame.x) * pixelsPerPoint,
        y: (place.y - frame.y) * pixelsPerPoint, color: color(index), opacity: opacity)
    }
    return raster
  }
}
