import ArrayFiles
import Foundation

/// Curves with bands over one axis, such as agreement (ARI, AMI) over clustering resolutions.
public struct CurveFigure: Sendable {
  /// One curve.
  public struct Curve: Sendable, Equatable {
    /// Its name in the legend.
    public var name: String
    /// Where it is known.
    public var x: [Double]
    /// Its values.
    public var y: [Double]
    /// The lower end of its band (for instance over seeds), or empty.
    public var lower: [Double]
    /// The upper end of its band, or empty.
    public var upper: [Double]

    /// A curve, with a band or without.
    public init(
      name: String, x: [Double], y: [Double], lower: [Double] = [], upper: [Double] = []
    ) {
      self.name = name
      self.x = x
      self.y = y
      self.lower = lower
      self.upper = upper
    }
  }

  /// The curves.
  public var curves: [Curve]
  /// The title of the figure.
  public var title: String
  /// What the horizontal axis is.
  public var xTitle: String
  /// What the vertical axis is.
  public var yTitle: String
  /// Whether the horizontal axis is logarithmic.
  public var isLogarithmic: Bool
  /// Whether the highest point of each curve is marked with its values.
  public var marksHighest: Bool

  /// A figure of curves.
  public init(
    _ curves: [Curve], title: String = "", xTitle: String, yTitle: String,
    isLogarithmic: Bool = false, marksHighest: Bool = true
  ) {
    self.curves = curves
    self.title = title
    self.xTitle = xTitle
    self.yTitle = yTitle
    self.isLogarithmic = isLogarithmic
    self.marksHighest = marksHighest
  }

  /// The figure.
  ///
  /// - Throws: ``FigureError`` of kind `badData` if there is no curve or lengths differ.
  public func figure(named name: String) throws(FigureError) -> Figure {
    guard !curves.isEmpty else {
      throw FigureError(.badData, "There is no curve to draw in the figure \(name).")
    }
    for curve in curves {
      let isWhole =
        !curve.x.isEmpty && curve.x.count == curve.y.count && curve.lower.count == curve.upper.count
        && (curve.lower.isEmpty || curve.lower.count == curve.x.count)
      guard isWhole else {
        throw FigureError(
          .badData, "The curve \(FigureText.printable(curve.name)) has columns of unlike lengths.")
      }
      guard !isLogarithmic || curve.x.allSatisfy({ $0 > 0 }) else {
        throw FigureError(
          .badData,
          "The curve \(FigureText.printable(curve.name)) has places at or below 0 on a logarithmic "
            + "axis.")
      }
    }
    let top = title.isEmpty ? 12.0 : 28.0
    let frame = Frame(x: 48, y: top, width: 270, height: 180)
    let highest = curves.map(Self.highest)
    let names = zip(curves, highest).map { curve, place in
      guard marksHighest, let place else { return curve.name }
      return "\(curve.name), best \(Numeral.readable(curve.y[place])) at "
        + "\(Numeral.readable(curve.x[place]))"
    }
    let legend = min(TextMetrics.widest(names, size: 7) + 32, 200)
    var page = FigurePage(width: frame.right + 14 + legend, height: frame.bottom + 32)
    page.text(title, x: 12, y: 13, size: 9, bold: true)
    let values = curves.flatMap { $0.y + $0.lower + $0.upper }
    let xs = curves.flatMap(\.x)
    let x: Axis = isLogarithmic ? .logarithmic(xTitle, xs) : .linear(xTitle, xs, padding: 0.02)
    var plots: [String] = []
    var lines: [String] = []
    for (index, curve) in curves.enumerated() {
      let color = GroupPalette.style(at: index).color
      var table = NumberTable(["x", "y", "lower", "upper"])
      for row in curve.x.indices {
        table.row([
          curve.x[row], curve.y[row], curve.lower.isEmpty ? .nan : curve.lower[row],
          curve.upper.isEmpty ? .nan : curve.upper[row],
        ])
      }
      let file = page.data("curve\(index + 1).tsv", table.content)
      if !curve.lower.isEmpty {
        plots.insert(
          "\(file) using 1:3:4 with filledcurves fillstyle transparent solid 0.2 noborder lc rgb "
            + "\"\(color.hex)\"", at: 0)
      }
      plots.append(
        "\(file) using 1:2 with linespoints pt 7 ps 0.35 lw 1.4 lc rgb \"\(color.hex)\"")
      if marksHighest, let place = highest[index] {
        lines.append(
          "set label \"\" at first \(curve.x[place]),first \(curve.y[place]) point pt 6 ps 1.1 lw 1.2 "
            + "lc rgb \"\(color.hex)\" front")
      }
    }
    page.lineLegend(
      names.enumerated().map { LegendLine(name: $1, color: GroupPalette.style(at: $0).color) },
      x: frame.right + 12, y: frame.y + 2, size: 7, width: legend)
    page.chart(
      frame, x: x, y: .linear(yTitle, values, around: [0]), extra: lines, plots: plots)
    return Figure(
      page, name: name,
      alternative: "\(title.isEmpty ? yTitle : title): \(names.joined(separator: "; "))")
  }

  private static func highest(_ curve: Curve) -> Int? {
    curve.y.indices.filter { curve.y[$0].isFinite }.max { curve.y[$0] < curve.y[$1] }
  }
}
