import Foundation

/// A map of cells (UMAP) coloured by a value.
public struct ValueMap: Sendable {
  /// First coordinate of each cell.
  public var x: [Float]
  /// Second coordinate of each cell.
  public var y: [Float]
  /// The value of each cell; cells without a finite value are grey behind.
  public var values: [Float]
  /// What the value is, written at the scale.
  public var valueName: String
  /// The title of the figure.
  public var title: String
  /// The names of the two axes.
  public var axisNames: (x: String, y: String)
  /// The colours.
  public var scale: ColorScale
  /// The values at the ends of the scale; the 1st and 99th percentile if not given.
  public var range: ClosedRange<Float>?

  /// A map of cells by value.
  public init(
    x: [Float], y: [Float], values: [Float], valueName: String, title: String = "",
    axisNames: (x: String, y: String) = ("UMAP 1", "UMAP 2"), scale: ColorScale = .viridis,
    range: ClosedRange<Float>? = nil
  ) {
    self.x = x
    self.y = y
    self.values = values
    self.valueName = valueName
    self.title = title
    self.axisNames = axisNames
    self.scale = scale
    self.range = range
  }

  /// The figure.
  ///
  /// - Throws: ``FigureError`` of kind `badData` if there is no cell or lengths differ.
  public func figure(named name: String) throws(FigureError) -> Figure {
    try checkMap(x, y, values.count, "values", name)
    let top = title.isEmpty ? 10.0 : 26.0
    let frame = Frame(x: 22, y: top, width: 330, height: 330)
    var page = FigurePage(width: frame.right + 70, height: frame.bottom + 18)
    page.text(title, x: frame.x, y: 13, size: 9, bold: true)
    drawAxes(axisNames, frame, &page)
    let range = range ?? percentiles()
    let span = range.upperBound - range.lowerBound
    let table = (0...255).map { scale.color(at: Double($0) / 255) }
    let colors = values.map { value in
      guard value.isFinite else { return Color.others }
      let position = span > 0 ? (value - range.lowerBound) / span : 0.5
      return table[Int(min(max(position, 0), 1) * 255)]
    }
    PointCloud(x: x, y: y, in: frame).draw(
      on: &page, order: PointCloud.shuffledOrder(x.count) { !values[$0].isFinite },
      color: { colors[$0] }, marker: { _ in .circle }, isBehind: { !values[$0].isFinite },
      column: ("value", { Double(values[$0]) }), lines: [])
    page.colorBar(
      Frame(x: frame.right + 16, y: frame.y + 20, width: 9, height: 130), scale: scale,
      range: Double(range.lowerBound)...Double(range.upperBound), title: valueName)
    return Figure(
      page, name: name,
      alternative: "\(title.isEmpty ? "Map" : title): \(Numeral.grouped(x.count)) cells by "
        + valueName)
  }

  private func percentiles() -> ClosedRange<Float> {
    let sorted = values.filter(\.isFinite).sorted()
    guard let first = sorted.first, let last = sorted.last else { return 0...1 }
    let low = sorted[Int(0.01 * Double(sorted.count - 1))]
    let high = sorted[Int((0.99 * Double(sorted.count - 1)).rounded(.up))]
    if scale == .diverging {
      let end = max(abs(low), abs(high))
      return -end...end
    }
    return high > low ? low...high : first...last
  }
}

extension FigurePage {
  /// Draws a vertical bar of colours with round ticks at its right and its title above.
  mutating func colorBar(
    _ frame: Frame, scale: ColorScale, range: ClosedRange<Double>, title: String,
    suffix: String = "scale"
  ) {
    var pixels = PixelFile()
    pixels.addBar(scale, frame, isVertical: true)
    text(
      TextMetrics.fitted(title, width: width - frame.x - 4, size: 7), x: frame.x, y: frame.y - 8,
      size: 7)
    outline(frame)
    for tick in Axis.roundTicks(range, count: 5) {
      let share = (tick.value - range.lowerBound) / (range.upperBound - range.lowerBound)
      let y = frame.bottom - share * frame.height
      line(fromX: frame.right, fromY: y, toX: frame.right + 2.5, toY: y)
      text(tick.label, x: frame.right + 5, y: y, size: 6.5)
    }
    let file = data("\(suffix).rgb", pixels.bytes)
    panel(
      Frame(x: 0, y: 0, width: width, height: height),
      lines: [
        "set xrange [0:\(Numeral.plain(width))]; set yrange [\(Numeral.plain(height)):0]",
        "plot " + pixels.parts.map { "\(file) \($0)" }.joined(separator: ", "),
      ])
  }

  /// Draws a dashed circle with a cross in its middle, white-edged to be seen over points; what lies
  /// outside the frame is left out.
  mutating func circle(
    x: Double, y: Double, radius: Double, color: Color, in frame: Frame, isFine: Bool = false
  ) {
    // Dashes are of one length whatever the radius.
    // A small circle is whole and its cross lies inside.
    let isSmall = radius < 12
    let arm = isSmall ? min(max(radius * 0.4, 1.5), 3.5) : 3.5
    let steps = 2 * min(max(Int(radius * 2 * .pi / 6), 8), 200)
    let thickness = isFine ? 0.5 : isSmall ? 0.7 : 0.9
    for (width, color) in [(2.3 * thickness + 0.2, Color.white), (thickness, color)] {
      line(fromX: x - arm, fromY: y, toX: x + arm, toY: y, width: width, color: color)
      line(fromX: x, fromY: y - arm, toX: x, toY: y + arm, width: width, color: color)
      for step in stride(from: 0, to: steps, by: isSmall ? 1 : 2) {
        let ends = [step, step + 1].map { step -> (x: Double, y: Double) in
          let angle = Double(step) / Double(steps) * 2 * .pi
          return (x + radius * cos(angle), y + radius * sin(angle))
        }
        guard ends.allSatisfy({ frame.contains($0.x, $0.y) }) else { continue }
        line(
          fromX: ends[0].x, fromY: ends[0].y, toX: ends[1].x, toY: ends[1].y, width: width,
          color: color)
      }
    }
  }
}
