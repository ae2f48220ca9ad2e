import ArrayFiles
public import CytoselfAnalysis
import Foundation

/// A matrix in the order of its clusters, with the trees at its sides.
public struct ClusteredHeatMap: Sendable {
  /// Rows of the matrix.
  public var rows: Int
  /// Columns of the matrix.
  public var columns: Int
  /// Values `[rows, columns]`, in their own order.
  public var values: [Float]
  /// The tree of the rows, which orders them.
  public var rowTree: Dendrogram?
  /// The tree of the columns, which orders them.
  public var columnTree: Dendrogram?
  /// Names of the rows; drawn where there is room.
  public var rowNames: [String]
  /// Names of the columns; drawn where there is room.
  public var columnNames: [String]
  /// A group of each row, drawn as a strip of colour at its side; empty for none.
  public var rowGroups: [String]
  /// The colours of the row groups.
  public var palette: GroupPalette
  /// The title of the figure.
  public var title: String
  /// What the values are, written at the scale.
  public var valueName: String
  /// What a row is, written beside the matrix.
  public var rowTitle: String
  /// What a column is, written below the matrix.
  public var columnTitle: String
  /// The colours.
  public var scale: ColorScale
  /// The values at the ends of the colours; those of the matrix if not given.
  public var range: ClosedRange<Float>?

  /// A matrix with the trees that order it.
  public init(
    rows: Int, columns: Int, values: [Float], rowTree: Dendrogram? = nil,
    columnTree: Dendrogram? = nil, rowNames: [String] = [], columnNames: [String] = [],
    rowGroups: [String] = [], palette: GroupPalette = GroupPalette([]), title: String = "",
    valueName: String = "", rowTitle: String = "", columnTitle: String = "",
    scale: ColorScale = .diverging, range: ClosedRange<Float>? = nil
  ) {
    self.rows = rows
    self.columns = columns
    self.values = values
    self.rowTree = rowTree
    self.columnTree = columnTree
    self.rowNames = rowNames
    self.columnNames = columnNames
    self.rowGroups = rowGroups
    self.palette = palette
    self.title = title
    self.valueName = valueName
    self.rowTitle = rowTitle
    self.columnTitle = columnTitle
    self.scale = scale
    self.range = range
  }

  /// The figure.
  ///
  /// - Throws: ``FigureError`` of kind `badData` if sizes of matrix, trees and names differ.
  public func figure(named name: String) throws(FigureError) -> Figure {
    try check(name)
    let side = 330.0
    // Cells are square where that gives a page of sensible shape.
    let tall = min(max(side * Double(rows) / Double(columns), 150), 440)
    let rowLabels = labels(rowNames, rows, tall)
    let columnLabels = labels(columnNames, columns, side)
    let treeRoom = 62.0
    let strip = rowGroups.isEmpty ? 0.0 : 9.0
    let left = 12 + (rowTree == nil ? 0 : treeRoom) + strip
    let top = (title.isEmpty ? 10 : 24) + (columnTree == nil ? 0 : treeRoom)
    let frame = Frame(x: left, y: top, width: side, height: tall)
    let rowLabelWidth = rowLabels.map { min(TextMetrics.widest(rowNames, size: $0), 110) + 8 } ?? 4
    let columnLabelHeight =
      columnLabels.map { min(TextMetrics.widest(columnNames, size: $0), 90) + 8 } ?? 4
    let legend = palette.names.filter { Set(rowGroups).contains($0) }
    let legendX = frame.right + rowLabelWidth + (rowTitle.isEmpty ? 8 : 22)
    let legendWidth = max(58, min(TextMetrics.widest(legend, size: 6.5) + 18, 120))
    var page = FigurePage(
      width: legendX + legendWidth,
      height: max(
        frame.bottom + columnLabelHeight + (columnTitle.isEmpty ? 6 : 18),
        top + 130 + Double(legend.count) * 9.5))
    page.text(title, x: 12, y: 13, size: 9, bold: true)
    let rowOrder = rowTree?.leafOrder ?? Array(0..<rows)
    let columnOrder = columnTree?.leafOrder ?? Array(0..<columns)
    draw(rowNames, rowOrder, rowLabels, frame, isRow: true, &page)
    draw(columnNames, columnOrder, columnLabels, frame, isRow: false, &page)
    page.text(
      rowTitle, x: frame.right + rowLabelWidth + 8, y: frame.y + tall / 2, size: 7.5,
      align: .center, rotated: 90)
    page.text(
      columnTitle, x: frame.x + side / 2, y: frame.bottom + columnLabelHeight + 7, size: 7.5,
      align: .center)
    drawGroups(rowOrder, legend, frame, legendX, top + 120, &page)
    page.outline(frame)
    let range =
      range
      ?? ImagePanels.spread(
        [ImagePanels.Image(height: rows, width: columns, values: values)], diverging: scale)
    MatrixImage(
      rows: rows, columns: columns, values: values, rowOrder: rowOrder, columnOrder: columnOrder
    ).draw(on: &page, frame: frame, scale: scale, range: range)
    if let rowTree {
      let place = Frame(
        x: frame.x - strip - treeRoom + 4, y: frame.y, width: treeRoom - 6, height: tall)
      draw(rowTree, place, isRow: true, &page)
    }
    if let columnTree {
      let place = Frame(x: frame.x, y: frame.y - treeRoom + 4, width: side, height: treeRoom - 6)
      draw(columnTree, place, isRow: false, &page)
    }
    page.colorBar(
      Frame(x: legendX, y: top + 10, width: 8, height: 90), scale: scale,
      range: Double(range.lowerBound)...Double(range.upperBound), title: valueName)
    return Figure(
      page, name: name,
      alternative: "\(title.isEmpty ? "Heat map" : title): \(rows) by \(columns) values")
  }

  private func check(_ name: String) throws(FigureError) {
    guard rows > 0, columns > 0, values.count == rows * columns else {
      throw FigureError(
        .badData,
        "The heat map \(name) has \(values.count) values for \(rows) rows and \(columns) columns.")
    }
    let parts = [
      ("row tree", rowTree?.leafOrder.count, rows),
      ("column tree", columnTree?.leafOrder.count, columns),
      ("row names", rowNames.isEmpty ? nil : rowNames.count, rows),
      ("column names", columnNames.isEmpty ? nil : columnNames.count, columns),
      ("row groups", rowGroups.isEmpty ? nil : rowGroups.count, rows),
    ]
    for (what, count, expected) in parts {
      if let count, count != expected {
        throw FigureError(
          .badData, "The heat map \(name) has \(count) in its \(what) where it has \(expected).")
      }
    }
  }

  /// The font size at which every name has room, if one is readable.
  private func labels(_ names: [String], _ count: Int, _ length: Double) -> Double? {
    guard !names.isEmpty else { return nil }
    let size = min(length / Double(count) * 0.9, 7)
    return size >= 3.5 ? size : nil
  }

  private func draw(
    _ names: [String], _ order: [Int], _ size: Double?, _ frame: Frame, isRow: Bool,
    _ page: inout FigurePage
  ) {
    guard let size else { return }
    let step = (isRow ? frame.height : frame.width) / Double(order.count)
    for (place, index) in order.enumerated() {
      let middle = (Double(place) + 0.5) * step
      let text = TextMetrics.fitted(names[index], width: isRow ? 110 : 90, size: size)
      if isRow {
        page.text(text, x: frame.right + 4, y: frame.y + middle, size: size)
      } else {
        page.text(
          text, x: frame.x + middle, y: frame.bottom + 4, size: size, align: .right, rotated: 90)
      }
    }
  }

  private func drawGroups(
    _ order: [Int], _ legend: [String], _ frame: Frame, _ x: Double, _ y: Double,
    _ page: inout FigurePage
  ) {
    guard !rowGroups.isEmpty else { return }
    let step = frame.height / Double(order.count)
    var start = 0
    for place in 1...order.count
    where place == order.count || rowGroups[order[place]] != rowGroups[order[start]] {
      page.box(
        Frame(
          x: frame.x - 8, y: frame.y + Double(start) * step, width: 6,
          height: Double(place - start) * step), fill: palette[rowGroups[order[start]]].color)
      start = place
    }
    for (index, name) in legend.enumerated() {
      let middle = y + Double(index) * 9.5
      page.box(Frame(x: x, y: middle - 3, width: 6, height: 6), fill: palette[name].color)
      page.text(TextMetrics.fitted(name, width: 102, size: 6.5), x: x + 9, y: middle, size: 6.5)
    }
  }

  private func draw(_ tree: Dendrogram, _ frame: Frame, isRow: Bool, _ page: inout FigurePage) {
    var text = "# along\theight; an empty line ends each joint\n"
    for joint in tree.lines() {
      for point in joint { text += "\(point.along)\t\(point.height)\n" }
      text += "\n"
    }
    let file = page.data(isRow ? "row-tree.tsv" : "column-tree.tsv", Data(text.utf8))
    let count = tree.leafOrder.count
    let width = count > 500 ? 0.15 : count > 100 ? 0.4 : 0.6
    let look = "with lines lw \(width) lc rgb \"\(Color.ink.hex)\""
    page.panel(
      frame,
      lines: isRow
        ? [
          "set xrange [1.02:0]; set yrange [\(count):0]", "plot \(file) using 2:1 \(look)",
        ]
        : ["set xrange [0:\(count)]; set yrange [0:1.02]", "plot \(file) using 1:2 \(look)"])
  }
}

// MARK: From results of an analysis

extension ClusteredHeatMap {
  /// The correlation of codes with the tree that orders them.
  ///
  /// - Parameters:
  ///   - codes: the tree of codes.
  ///   - title: the title of the figure.
  /// - Throws: ``FigureError`` of kind `badData` if the linkage is not one tree.
  public init(_ codes: CodeTree, title: String = "Correlation of codes") throws(FigureError) {
    let tree = try Dendrogram(codes.linkage)
    let count = codes.codes
    let names = count <= 96 ? (0..<count).map(String.init) : []
    self.init(
      rows: count, columns: count, values: codes.correlation.values.map { Float($0) },
      rowTree: tree, columnTree: tree, rowNames: names, columnNames: names, title: title,
      valueName: "Pearson r", rowTitle: "\(Numeral.grouped(count)) codes",
      columnTitle: "\(Numeral.grouped(count)) codes in the order of the tree", range: -1...1)
  }
}
