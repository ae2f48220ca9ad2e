import ArrayFiles
import Foundation

/// Counts in rows, each a bar of parts that stand side by side.
public struct StackedBars: Sendable {
  /// A part of every bar.
  public struct Part: Sendable, Equatable {
    /// What it counts, for the legend.
    public var name: String
    /// Its colour.
    public var color: Color

    /// A part with its colour.
    public init(_ name: String, color: Color) {
      self.name = name
      self.color = color
    }
  }

  /// The parts, from the left.
  public var parts: [Part]
  /// The rows from above: a name, and the count of each part.
  public var rows: [(name: String, counts: [Int])]
  /// The title of the figure.
  public var title: String
  /// What is counted, below the axis.
  public var valueName: String

  /// A figure of counts; every row has a count for each part.
  public init(
    _ parts: [Part], rows: [(name: String, counts: [Int])], title: String = "", valueName: String
  ) {
    precondition(
      rows.allSatisfy { $0.counts.count == parts.count }, "A row has a count for each part.")
    self.parts = parts
    self.rows = rows
    self.title = title
    self.valueName = valueName
  }

  /// The figure.
  ///
  /// - Parameter name: the name of its files.
  /// - Throws: ``FigureError`` of kind `badData` if there is no row.
  public func figure(named name: String) throws(FigureError) -> Figure {
    guard !rows.isEmpty else {
      throw FigureError(.badData, "There is nothing to draw in the figure \(name).")
    }
    let step = rows.count > 20 ? 10.0 : 16.0
    let label = min(TextMetrics.widest(rows.map(\.name), size: 6.5) + 10, 190)
    let frame = Frame(
      x: label + 10, y: title.isEmpty ? 10 : 26, width: 260, height: step * Double(rows.count) + 6)
    // Parts that count nothing anywhere need no place in the legend.
    let used = parts.indices.filter { part in rows.contains { $0.counts[part] > 0 } }
    let legend = TextMetrics.widest(used.map { parts[$0].name }, size: 6.5) + 26
    var page = FigurePage(
      width: frame.right + 44 + legend,
      height: max(frame.bottom + 32, frame.y + 10 * Double(used.count) + 12))
    page.text(title, x: 12, y: 13, size: 9, bold: true)
    var table = NumberTable(["place"] + parts.indices.map { "end\($0)" })
    for (index, row) in rows.enumerated() {
      var end = 0
      let ends = row.counts.map { count -> Double in
        end += count
        return Double(end)
      }
      table.row([Double(index)] + ends)
      let middle = frame.y + 3 + (Double(index) + 0.5) * step
      page.text(
        TextMetrics.fitted(row.name, width: label - 6, size: 6.5), x: frame.x - 5, y: middle,
        size: 6.5, align: .right)
      page.text(
        Numeral.grouped(end), x: frame.right + 5, y: middle, size: 6.5, color: .quiet)
    }
    page.lineLegend(
      used.map { LegendLine(name: parts[$0].name, color: parts[$0].color, width: 5) },
      x: frame.right + 40, y: frame.y, width: legend)
    let file = page.data("counts.tsv", table.content)
    let plots = used.map { part in
      // A bar from the end of the part before to its own.
      let start = part == 0 ? "(0)" : "\(part + 1)"
      let middle = part == 0 ? "($2/2.0)" : "(($\(part + 1)+$\(part + 2))/2.0)"
      return
        "\(file) using \(middle):1:\(start):\(part + 2):($1-0.36):($1+0.36) with boxxyerror "
        + "fillstyle solid 1 noborder lc rgb \"\(parts[part].color.hex)\""
    }
    let totals = rows.map { Double($0.counts.reduce(0, +)) }
    let pad = 3 / step
    page.chart(
      frame, x: .linear(valueName, totals, around: [0], count: 5),
      y: Axis(title: "", range: -0.5 - pad...Double(rows.count) - 0.5 + pad, ticks: []),
      extra: [
        // The first row stands at the top.
        "set yrange [\(Double(rows.count) - 0.5 + pad):\(-0.5 - pad)]", "unset grid",
        "set grid xtics back lt 1 lw 0.4 lc rgb \"\(Color.grid.hex)\"",
      ],
      plots: plots)
    return Figure(
      page, name: name,
      alternative: (title.isEmpty ? valueName : title) + ": "
        + rows.prefix(20).map { row in
          row.name + " "
            + used.map { "\(parts[$0].name) \(row.counts[$0])" }.joined(separator: ", ")
        }.joined(separator: "; "))
  }
}
