import Foundation

/// How the frame of a chart looks.
struct ChartStyle {
  var tickSize = 6.5
  var titleSize = 7.5
  var hasGrid = true
  /// Room between the frame and the vertical axis's title, beyond the tick labels.
  var verticalTitleGap = 8.0
}

extension FigurePage {
  /// Adds a chart: axes with ticks and titles, and what is plotted in them.
  ///
  /// - Parameters:
  ///   - frame: The area of the data; ticks and titles stand outside it.
  ///   - plots: Elements of gnuplot's `plot` command.
  ///   - extra: Lines for this panel that come before `plot`.
  mutating func chart(
    _ frame: Frame, x: Axis, y: Axis, title: String = "", style: ChartStyle = ChartStyle(),
    extra: [String] = [], plots: [String]
  ) {
    text(
      TextMetrics.fitted(title, width: frame.width + 30, size: 8, bold: true), x: frame.x,
      y: frame.y - 9, size: 8, bold: true)
    text(
      TextMetrics.fitted(x.title, width: frame.width + 40, size: style.titleSize),
      x: frame.x + frame.width / 2, y: frame.bottom + (x.ticks.isEmpty ? 8 : 20),
      size: style.titleSize, align: .center)
    let labels = y.ticks.isEmpty ? 0 : y.widestLabel(size: style.tickSize) + 4
    text(
      TextMetrics.fitted(y.title, width: frame.height + 40, size: style.titleSize),
      x: frame.x - labels - style.verticalTitleGap, y: frame.y + frame.height / 2,
      size: style.titleSize, align: .center, rotated: 90)
    var lines: [String] = []
    lines += axisLines("x", x, style)
    lines += axisLines("y", y, style)
    if style.hasGrid {
      lines.append("set grid xtics ytics back lt 1 lw 0.4 lc rgb \"\(Color.grid.hex)\"")
    } else {
      lines.append("unset grid")
    }
    lines.append("set border 3 back lw 0.6 lc rgb \"\(Color.ink.hex)\"")
    lines += extra
    lines.append("plot " + (plots.isEmpty ? ["NaN notitle"] : plots).joined(separator: ", \\\n  "))
    lines.append("unset grid")
    panel(frame, lines: lines)
  }

  private func axisLines(_ letter: String, _ axis: Axis, _ style: ChartStyle) -> [String] {
    var lines: [String] = []
    if axis.scaling == .logarithmic { lines.append("set logscale \(letter)") }
    lines.append("set \(letter)range [\(axis.range.lowerBound):\(axis.range.upperBound)]")
    // Labels of ours on a logarithmic axis may carry a raised exponent; they hold no user's text.
    let markup = axis.scaling == .logarithmic ? "enhanced" : "noenhanced"
    let labelled = axis.ticks.map { tick in
      let text =
        axis.scaling == .logarithmic ? "\"\(tick.label)\"" : FigureText.quotedTick(tick.label)
      return "\(text) \(tick.value)"
    }
    let plain = axis.minorTicks.map { "\"\" \($0) 1" }
    if !labelled.isEmpty || !plain.isEmpty {
      lines.append(
        "set \(letter)tics (\((labelled + plain).joined(separator: ", "))) nomirror out scale 0.5,0.3"
          + " \(markup) font \"Arial,\(Numeral.plain(style.tickSize))\""
          + " textcolor rgb \"\(Color.ink.hex)\" offset \(letter == "x" ? "0,0.3" : "0.4,0")")
    }
    return lines
  }

  /// Draws a legend of lines, one entry under the other, and returns its height.
  @discardableResult
  mutating func lineLegend(
    _ entries: [LegendLine], x: Double, y: Double, size: Double = 6.5, width: Double
  ) -> Double {
    let step = size + 3.5
    for (index, entry) in entries.enumerated() {
      let middle = y + (Double(index) + 0.5) * step
      line(
        fromX: x, fromY: middle, toX: x + 14, toY: middle, width: entry.width, color: entry.color,
        dashed: entry.isDashed)
      text(
        TextMetrics.fitted(entry.name, width: width - 18, size: size), x: x + 18, y: middle,
        size: size)
    }
    return Double(entries.count) * step
  }
}

/// An entry of a legend of lines.
struct LegendLine {
  var name: String
  var color: Color
  var isDashed = false
  var width = 1.2
}
