import Foundation

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
