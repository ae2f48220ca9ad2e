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
