import Foundation

/// A matrix of numbers drawn as an image, averaged where it has more cells than the page has pixels.
struct MatrixImage {
  /// Above this many rows or columns, neighbours are averaged: the page shows no more at 300 dpi.
  static let mostCells = 1400

  let rows: Int
  let columns: Int
  let values: [Float]

  /// A matrix `[rows, columns]` with its rows and columns put in an order.
  init(
    rows: Int, columns: Int, values: [Float], rowOrder: [Int]? = nil, columnOrder: [Int]? = nil
  ) {
    let rowOrder = rowOrder ?? Array(0..<rows)
    let columnOrder = columnOrder ?? Array(0..<columns)
    let rowBlock = (rowOrder.count + Self.mostCells - 1) / Self.mostCells
    let columnBlock = (columnOrder.count + Self.mostCells - 1) / Self.mostCells
    let outRows = (rowOrder.count + rowBlock - 1) / max(rowBlock, 1)
    let outColumns = (columnOrder.count + columnBlock - 1) / max(columnBlock, 1)
    var out = [Float](repeating: 0, count: outRows * outColumns)
    if rowBlock == 1, columnBlock == 1 {
      for (i, row) in rowOrder.enumerated() {
        for (j, column) in columnOrder.enumerated() {
          out[i * outColumns + j] = values[row * columns + column]
        }
      }
    } else {
      var counts = [Float](repeating: 0, count: out.count)
      for (i, row) in rowOrder.enumerated() {
        for (j, column) in columnOrder.enumerated() {
          let value = values[row * columns + column]
          guard value.isFinite else { continue }
          let place = i / rowBlock * outColumns + j / columnBlock
          out[place] += value
          counts[place] += 1
        }
      }
      for place in out.indices {
        out[place] = counts[place] > 0 ? out[place] / counts[place] : .nan
      }
    }
    self.rows = outRows
    self.columns = outColumns
    self.values = out
  }

  /// Draws the matrix in a frame.
  func draw(
    on page: inout FigurePage, frame: Frame, scale: ColorScale, range: ClosedRange<Float>,
    suffix: String = "matrix"
  ) {
    let span = range.upperBound - range.lowerBound
    let table = (0...255).map { scale.color(at: Double($0) / 255) }
    var pixels = PixelFile()
    let (wide, high) = (max(columns, 2), max(rows, 2))
    pixels.add(width: wide, height: high, frame) { index in
      let row = rows == 1 ? 0 : index / wide
      let column = columns == 1 ? 0 : index % wide
      let value = values[row * columns + column]
      guard value.isFinite else { return scale.color(at: .nan) }
      let position = span > 0 ? (value - range.lowerBound) / span : 0.5
      return table[Int((min(max(position, 0), 1) * 255).rounded())]
    }
    let file = page.data("\(suffix).rgb", pixels.bytes)
    page.panel(
      Frame(x: 0, y: 0, width: page.width, height: page.height),
      lines: [
        "set xrange [0:\(Numeral.plain(page.width))]",
        "set yrange [\(Numeral.plain(page.height)):0]",
        "plot " + pixels.parts.map { "\(file) \($0)" }.joined(separator: ", "),
      ])
  }
}
