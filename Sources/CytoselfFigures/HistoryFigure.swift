import ArrayFiles
import Foundation

/// The course of a training run: every part of the loss, perplexities and learning rate by epoch.
///
/// One panel a kind of measure, one colour a level of the model; training solid, validation dashed,
/// the test pass a diamond. Legends stand above the panels, never over the lines.
public struct HistoryFigure: Sendable {
  /// The table that is drawn.
  public var history: TrainingHistory
  /// The title of the figure.
  public var title: String

  /// A figure of a history.
  public init(_ history: TrainingHistory, title: String = "Training history") {
    self.history = history
    self.title = title
  }

  /// One line of a panel: a measure in training, validation and test.
  struct Measure: Equatable {
    var name: String
    /// The level of the model, 0 if the measure has none.
    var level: Int
  }

  /// The measures of one panel.
  struct Family: Equatable {
    var key: String
    var title: String
    var measures: [Measure]
  }

  static let parts = ["train", "val", "test"]

  /// Panels in reading order; a measure not known by name gets a panel of its own at the end.
  func families() -> [Family] {
    var found: [String: [Measure]] = [:]
    var order: [String] = []
    var seen: Set<String> = []
    for column in history.names {
      guard let part = Self.parts.first(where: { column.hasPrefix($0 + "_") }) else { continue }
      let name = String(column.dropFirst(part.count + 1))
      guard seen.insert(name).inserted, isDrawable(name) else { continue }
      let key = name.filter { !$0.isNumber }
      let level = Int(name.filter(\.isNumber)) ?? 0
      if found[key] == nil { order.append(key) }
      found[key, default: []].append(Measure(name: name, level: level))
    }
    let known = Self.titles.map(\.key)
    order.sort { a, b in
      (known.firstIndex(of: a) ?? known.count) < (known.firstIndex(of: b) ?? known.count)
    }
    return order.map { key in
      Family(
        key: key,
        title: Self.titles.first { $0.key == key }?.title
          ?? key.replacing("_", with: " ").trimmingCharacters(in: .whitespaces),
        measures: (found[key] ?? []).sorted { $0.level < $1.level })
    }
  }

  /// Whether a measure has a value, and is not zero all the time (a part of the loss that is off).
  private func isDrawable(_ name: String) -> Bool {
    Self.parts.contains { part in
      history.columns["\(part)_\(name)"]?.contains { $0.isFinite && $0 != 0 } ?? false
    }
  }

  private static let titles: [(key: String, title: String)] = [
    ("loss", "Total loss"), ("task_loss", "Loss without quantization"),
    ("reconstruction_loss", "Reconstruction loss"),
    ("fc_loss", "Classification loss"), ("accuracy", "Accuracy"), ("fc_accuracy", "Accuracy"),
    ("vq_loss", "Quantization loss"), ("vq_commitment_loss", "Commitment loss"),
    ("vq_quantization_loss", "Codebook loss"), ("vq_softmax_loss", "Softmax loss"),
    ("perplexity", "Perplexity (codes in use)"),
    ("epoch_perplexity", "Perplexity over an epoch"), ("code_share", "Share of codes in use"),
  ]

  /// The figure.
  ///
  /// - Throws: ``FigureError`` of kind `badData` if the history has no epoch or no measure.
  public func figure(named name: String) throws(FigureError) -> Figure {
    let families = families()
    guard history.rowCount > 0, !families.isEmpty else {
      throw FigureError(
        .badData, "The training history has no epoch with a loss yet; there is nothing to draw.")
    }
    let hasRate = history.columns["lr"]?.contains { $0.isFinite && $0 > 0 } ?? false
    let panelCount = families.count + (hasRate ? 1 : 0)
    let columns = min(panelCount, panelCount == 4 ? 2 : 3)
    let rows = (panelCount + columns - 1) / columns
    var page = FigurePage(
      width: Double(columns) * Self.cell.width + 10, height: Double(rows) * Self.cell.height + 28)
    drawTitle(&page)
    let epochs = history.columns["epoch"] ?? (0..<history.rowCount).map(Double.init)
    let file = page.data("history.tsv", table(epochs))
    for (index, family) in families.enumerated() {
      draw(family, at: Self.frame(index, columns), epochs: epochs, file: file, on: &page)
    }
    if hasRate {
      drawRate(at: Self.frame(families.count, columns), epochs: epochs, file: file, on: &page)
    }
    return Figure(
      page, name: name,
      alternative: "\(title): \(families.map(\.title).joined(separator: ", ")) over "
        + "\(history.rowCount) epochs")
  }

  // MARK: Layout

  private static let cell = (width: 176.0, height: 152.0)

  private static func frame(_ index: Int, _ columns: Int) -> Frame {
    Frame(
      x: Double(index % columns) * cell.width + 42, y: Double(index / columns) * cell.height + 58,
      width: cell.width - 54, height: cell.height - 66)
  }

  private func drawTitle(_ page: inout FigurePage) {
    page.text(title, x: 12, y: 13, size: 9, bold: true)
    // How training, validation and test look, at the right of the title.
    var x = page.width - 12
    let has = Self.parts.map { part in history.names.contains { $0.hasPrefix(part + "_") } }
    if history.bestRow != nil, history.rowCount > 1 {
      let label = "best epoch"
      x -= TextMetrics.width(label, size: 7)
      page.text(label, x: x, y: 13)
      x -= 7
      page.line(
        fromX: x, fromY: 8, toX: x, toY: 18, width: 0.7, color: .quiet, dashed: true)
      x -= 13
    }
    for (index, label) in ["training", "validation", "test"].enumerated().reversed()
    where has[index] {
      x -= TextMetrics.width(label, size: 7)
      page.text(label, x: x, y: 13)
      if index == 2 {
        x -= 8
        page.marker(.diamond, x: x + 2, y: 13, diameter: 5, color: .ink)
      } else {
        x -= 22
        page.line(
          fromX: x, fromY: 13, toX: x + 18, toY: 13, width: index == 1 ? 0.8 : 1.3,
          dashed: index == 1)
      }
      x -= 12
    }
  }

  private func table(_ epochs: [Double]) -> Data {
    var table = NumberTable(["epoch"] + history.names.filter { $0 != "epoch" })
    for row in 0..<history.rowCount {
      table.row(
        [epochs[row]]
          + history.names.filter { $0 != "epoch" }.map { history.columns[$0]?[row] ?? .nan })
    }
    return table.content
  }

  /// The column of a measure in the data file, from 1.
  private func column(_ name: String) -> Int? {
    history.names.filter { $0 != "epoch" }.firstIndex(of: name).map { $0 + 2 }
  }

  // MARK: Panels

  private func draw(
    _ family: Family, at frame: Frame, epochs: [Double], file: String, on page: inout FigurePage
  ) {
    var plots: [String] = []
    var values: [Double] = []
    var entries: [LegendLine] = []
    for measure in family.measures {
      let color =
        measure.level == 0 ? Color(0x3A3A3A) : GroupPalette.style(at: measure.level - 1).color
      entries.append(LegendLine(name: "level \(measure.level)", color: color))
      for (index, part) in Self.parts.enumerated() {
        guard let column = column("\(part)_\(measure.name)"),
          let points = history.columns["\(part)_\(measure.name)"],
          points.contains(where: \.isFinite)
        else { continue }
        values += points
        let look = "lc rgb \"\(color.hex)\""
        if index == 2 {
          plots.append("\(file) using 1:\(column) with points pt 13 ps 0.7 \(look)")
        } else {
          // A line of one epoch is no line: show few epochs as points too.
          let points = history.rowCount <= 20 ? "linespoints pt 7 ps 0.3" : "lines"
          let dash = index == 1 ? "dt (9,6)" : "dt 1"
          plots.append(
            "\(file) using 1:\(column) with \(points) lw \(index == 1 ? 0.8 : 1.3) \(dash) \(look)")
        }
      }
    }
    if family.measures.count > 1 || family.measures.contains(where: { $0.level > 0 }) {
      drawLegend(entries, frame, on: &page)
    }
    let isAccuracy = family.key.contains("accuracy")
    chart(
      frame, family.title, Self.verticalAxis(values, around: isAccuracy ? [0, 1] : []), epochs,
      plots,
      on: &page)
  }

  private func drawRate(
    at frame: Frame, epochs: [Double], file: String, on page: inout FigurePage
  ) {
    guard let column = column("lr"), let rates = history.columns["lr"] else { return }
    let steps = history.rowCount > 1 ? "steps" : "points pt 7 ps 0.5"
    chart(
      frame, "Learning rate", .logarithmic("", rates), epochs,
      ["\(file) using 1:\(column) with \(steps) lw 1.2 lc rgb \"\(Color(0x3A3A3A).hex)\""],
      on: &page)
  }

  /// Logarithmic where the values are positive and spread over more than a factor of five.
  static func verticalAxis(_ values: [Double], around: [Double] = []) -> Axis {
    let finite = values.filter(\.isFinite)
    if around.isEmpty, let low = finite.min(), let high = finite.max(), low > 0, high / low > 5 {
      return .logarithmic("", finite)
    }
    return .linear("", finite, around: around)
  }

  private func chart(
    _ frame: Frame, _ title: String, _ y: Axis, _ epochs: [Double], _ plots: [String],
    on page: inout FigurePage
  ) {
    var x = Axis.linear("Epoch", epochs, padding: 0.02, count: 5)
    x.ticks = x.ticks.filter { $0.value == $0.value.rounded() }
    var extra: [String] = []
    if let best = history.bestRow, history.rowCount > 1 {
      extra.append(
        "set arrow from first \(epochs[best]),graph 0 to first \(epochs[best]),graph 1 nohead back "
          + "lw 0.7 dt (9,6) lc rgb \"\(Color.quiet.hex)\"")
    }
    page.text(title, x: frame.x, y: frame.y - 19, size: 8, bold: true)
    page.chart(frame, x: x, y: y, extra: extra, plots: plots)
  }

  private func drawLegend(_ entries: [LegendLine], _ frame: Frame, on page: inout FigurePage) {
    var x = frame.x
    for entry in entries {
      page.line(
        fromX: x, fromY: frame.y - 8, toX: x + 12, toY: frame.y - 8, width: 1.4, color: entry.color)
      page.text(entry.name, x: x + 15, y: frame.y - 8, size: 6.5)
      x += 15 + TextMetrics.width(entry.name, size: 6.5) + 9
    }
  }
}
