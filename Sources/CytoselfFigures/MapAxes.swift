import ArrayFiles

/// Checks that coordinates and what colours them belong together.
func checkMap(
  _ x: [Float], _ y: [Float], _ count: Int, _ what: String, _ name: String
) throws(FigureError) {
  guard x.count == y.count, x.count == count else {
    throw FigureError(
      .badData,
      "The map \(name) has \(x.count) and \(y.count) coordinates and \(count) \(what); "
        + "it needs one of each for every cell.")
  }
  guard zip(x, y).contains(where: { $0.isFinite && $1.isFinite }) else {
    throw FigureError(.badData, "The map \(name) has no cell with finite coordinates.")
  }
}

/// A thin frame with the names of the axes: a map's coordinates mean nothing by themselves.
func drawAxes(_ names: (x: String, y: String), _ frame: Frame, _ page: inout FigurePage) {
  page.outline(frame, width: 0.5, color: Color(0x9A9A9A))
  page.text(names.x, x: frame.x + frame.width / 2, y: frame.bottom + 9, size: 7.5, align: .center)
  page.text(
    names.y, x: frame.x - 9, y: frame.y + frame.height / 2, size: 7.5, align: .center, rotated: 90)
}
