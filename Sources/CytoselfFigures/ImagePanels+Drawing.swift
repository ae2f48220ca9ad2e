import ArrayFiles
import Foundation

extension ImagePanels {
  /// The figure of this grid.
  ///
  /// - Throws: ``FigureError`` of kind `badData` if there is no image, or if titles do not match.
  public func figure(named name: String) throws(FigureError) -> Figure {
    guard rows.contains(where: { $0.contains { $0 != nil } }) else {
      throw FigureError(.badData, "There is no image to draw in the figure \(name).")
    }
    guard rowTitles.isEmpty || rowTitles.count == rows.count else {
      throw FigureError(
        .badData, "\(rowTitles.count) row titles stand for \(rows.count) rows of images.")
    }
    guard columnTitles.isEmpty || columnTitles.count == columnCount else {
      throw FigureError(
        .badData, "\(columnTitles.count) column titles stand for \(columnCount) columns of images.")
    }
    let layout = Layout(self)
    var page = FigurePage(width: layout.width, height: layout.height)
    var pixels = PixelFile()
    let limits = limits()
    for (row, images) in rows.enumerated() {
      for (column, image) in images.enumerated() {
        guard let image, let limits = limits[row][column] else { continue }
        pixels.add(image, limits, scale(ofColumn: column), layout.frame(row: row, column: column))
      }
    }
    drawTitles(layout, &page)
    if showsScale { drawScales(layout, limits, &page, &pixels) }
    let file = page.data("images.rgb", pixels.bytes)
    page.panel(
      Frame(x: 0, y: 0, width: layout.width, height: layout.height),
      lines: [
        "set xrange [0:\(Numeral.plain(layout.width))]; set yrange [\(Numeral.plain(layout.height)):0]",
        "plot " + pixels.parts.map { "\(file) \($0)" }.joined(separator: ", \\\n  "),
      ])
    let drawn = rows.reduce(0) { $0 + $1.filter { $0 != nil }.count }
    return Figure(
      page, name: name,
      alternative: (title.isEmpty ? "Images" : title) + ": \(drawn) images in \(rows.count) rows")
  }

  private func drawTitles(_ layout: Layout, _ page: inout FigurePage) {
    page.text(title, x: layout.left, y: 11, size: 9, bold: true)
    for (column, title) in columnTitles.enumerated() {
      let frame = layout.frame(row: 0, column: column)
      page.text(
        TextMetrics.fitted(title, width: imageWidth + 1, size: 7), x: frame.x + imageWidth / 2,
        y: frame.y - 6, align: .center)
    }
    for (row, title) in rowTitles.enumerated() {
      let frame = layout.frame(row: row, column: 0)
      page.text(
        TextMetrics.fitted(title, width: Layout.widestTitle, size: 7), x: frame.x - 5,
        y: frame.y + frame.height / 2, align: .right)
    }
    for (row, images) in rows.enumerated() {
      for (column, image) in images.enumerated() {
        guard let image, !image.note.isEmpty else { continue }
        let frame = layout.frame(row: row, column: column)
        let note = TextMetrics.fitted(image.note, width: frame.width - 4, size: 5.5)
        let width = TextMetrics.width(note, size: 5.5)
        page.box(
          Frame(x: frame.x, y: frame.bottom - 8, width: width + 4, height: 8), fill: .white)
        page.text(note, x: frame.x + 2, y: frame.bottom - 4, size: 5.5)
      }
    }
  }

  /// Bars that show the range: below a column that shares one, right of a row, below the grid.
  private func drawScales(
    _ layout: Layout, _ limits: [[ClosedRange<Float>?]], _ page: inout FigurePage,
    _ pixels: inout PixelFile
  ) {
    var drawn: Set<Group> = []
    var wholeGridBars = 0
    var barsAside: [[Int]: Int] = [:]
    for (row, images) in rows.enumerated() {
      for column in images.indices {
        guard let group = group(row: row, column: column), let range = limits[row][column],
          drawn.insert(group).inserted
        else { continue }
        let scale = scale(ofColumn: column)
        switch group {
        case .row(_, let segment, _):
          // Right of the last column of the segment; a second scale of it right of the first.
          let last = (0..<columnCount).last { self.segment(ofColumn: $0) == segment } ?? column
          let cell = layout.frame(row: row, column: last)
          let place = barsAside[[row, segment], default: 0]
          barsAside[[row, segment]] = place + 1
          let bar = Frame(
            x: cell.right + 5 + Double(place) * Layout.barRoom, y: cell.y + 3, width: 4,
            height: cell.height - 6)
          pixels.addBar(scale, bar, isVertical: true)
          page.outline(bar)
          page.text(end(range.upperBound, of: range), x: bar.right + 3, y: bar.y + 2, size: 6)
          page.text(end(range.lowerBound, of: range), x: bar.right + 3, y: bar.bottom - 2, size: 6)
        case .column, .all:
          var place = layout.frame(row: rows.count - 1, column: column)
          if case .all = group {
            place = layout.frame(row: rows.count - 1, column: 0)
            place.x += Double(wholeGridBars) * (Layout.wholeGridBar + 60)
            place.width = Layout.wholeGridBar
            wholeGridBars += 1
          }
          let inset = 3.0
          let bar = Frame(
            x: place.x + inset, y: place.bottom + 5, width: place.width - 2 * inset, height: 4)
          pixels.addBar(scale, bar, isVertical: false)
          page.outline(bar)
          page.text(end(range.lowerBound, of: range), x: bar.x, y: bar.bottom + 6, size: 6)
          page.text(
            end(range.upperBound, of: range), x: bar.right, y: bar.bottom + 6, size: 6,
            align: .right)
          if case .all = group {
            page.text(valueName, x: bar.right + 5, y: bar.y + 2, size: 6, color: .quiet)
          }
        }
      }
    }
  }

  /// An end of a range with two digits of its length: what is beyond that no colour shows.
  private func end(_ value: Float, of range: ClosedRange<Float>) -> String {
    let length = Double(range.upperBound - range.lowerBound)
    guard length > 1e-4, length < 1e6 else { return Numeral.readable(Double(value), digits: 2) }
    return Numeral.decimal(Double(value), places: max(0, 1 - Int(floor(log10(length)))))
  }

  /// Where everything of the grid stands on the page, in points.
  struct Layout {
    static let widestTitle = 130.0
    static let wholeGridBar = 90.0
    /// A vertical bar with its two numbers.
    static let barRoom = 32.0

    let left: Double
    let top: Double
    let width: Double
    let height: Double
    private let imageWidth: Double
    private let gap = 2.0
    private let wideGap = 9.0
    private let offsets: [Double]
    private let rowHeights: [Double]

    init(_ panels: ImagePanels) {
      let titles = TextMetrics.widest(panels.rowTitles, size: 7)
      left = panels.rowTitles.isEmpty ? 8 : min(titles, Self.widestTitle) + 13
      top = (panels.title.isEmpty ? 8 : 22) + (panels.columnTitles.isEmpty ? 0 : 12)
      imageWidth = panels.imageWidth
      let barsAside = Self.barsAside(panels)
      var x = left
      var offsets: [Double] = []
      for column in 0..<panels.columnCount {
        offsets.append(x)
        let isLastOfSegment =
          panels.segment(ofColumn: column) != panels.segment(ofColumn: column + 1)
          || column == panels.columnCount - 1
        x += imageWidth + (panels.gapsAfterColumns.contains(column) ? wideGap : gap)
        if isLastOfSegment, let bars = barsAside[panels.segment(ofColumn: column)] {
          x += Double(bars) * Self.barRoom
        }
      }
      let bars = barsAside[panels.segment(ofColumn: max(panels.columnCount - 1, 0))] ?? 0
      self.offsets = offsets
      rowHeights = panels.rows.map { images in
        // A row is as tall as its tallest image; all images are drawn equally wide.
        images.compactMap { $0 }.map { panels.imageWidth * Double($0.height) / Double($0.width) }
          .max() ?? panels.imageWidth
      }
      var hasLowerScale = false
      var wholeGrid: Set<Group> = []
      for row in panels.rows.indices where panels.showsScale {
        for column in panels.rows[row].indices {
          switch panels.group(row: row, column: column) {
          case .column: hasLowerScale = true
          case .all(let scale):
            hasLowerScale = true
            wholeGrid.insert(.all(scale))
          case .row, nil: continue
          }
        }
      }
      let gridRight = (offsets.last ?? left) + imageWidth + Double(bars) * Self.barRoom + 8
      let barsRight = left + Double(wholeGrid.count) * (Self.wholeGridBar + 60)
      let titleRight = left + TextMetrics.width(panels.title, size: 9, bold: true) + 8
      width = min(max(gridRight, barsRight, titleRight), max(gridRight, 560))
      height =
        top + rowHeights.reduce(0, +) + gap * Double(panels.rows.count - 1)
        + (hasLowerScale ? 24 : 8)
    }

    /// How many vertical bars stand right of each segment of columns.
    private static func barsAside(_ panels: ImagePanels) -> [Int: Int] {
      guard panels.showsScale else { return [:] }
      var most: [Int: Int] = [:]
      for row in panels.rows.indices {
        var scales: [Int: Set<ColorScale>] = [:]
        for column in panels.rows[row].indices where panels.rows[row][column] != nil {
          if case .row(_, let segment, let scale) = panels.group(row: row, column: column) {
            scales[segment, default: []].insert(scale)
          }
        }
        for (segment, found) in scales { most[segment] = max(most[segment] ?? 0, found.count) }
      }
      return most
    }

    func frame(row: Int, column: Int) -> Frame {
      Frame(
        x: offsets[column], y: top + rowHeights[..<row].reduce(0, +) + gap * Double(row),
        width: imageWidth, height: rowHeights[row])
    }
  }
}
