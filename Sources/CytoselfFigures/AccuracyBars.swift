import ArrayFiles
public import CytoselfAnalysis
import Foundation

/// Scores as bars with what chance would give beside each.
public struct AccuracyBars: Sendable {
  /// One score.
  public struct Bar: Sendable, Equatable {
    /// What was measured.
    public var name: String
    /// The score, usually 0 to 1.
    public var value: Double
    /// What guessing would give.
    public var chance: Double?
    /// The confidence interval, if known.
    public var interval: ClosedRange<Double>?

    /// A score with its chance level.
    public init(
      name: String, value: Double, chance: Double? = nil, interval: ClosedRange<Double>? = nil
    ) {
      self.name = name
      self.value = value
      self.chance = chance
      self.interval = interval
    }
  }

  /// The scores, from above.
  public var bars: [Bar]
  /// The title of the figure.
  public var title: String
  /// What the scores are, below the axis.
  public var valueName: String
  /// Whether scores are shares, written as percent on an axis from 0 to 100.
  public var isShare: Bool
  /// What stands above the scores.
  public var scoreName: String
  /// What stands above the marks beside them.
  public var chanceName: String

  /// A figure of scores.
  public init(
    _ bars: [Bar], title: String = "", valueName: String = "accuracy", isShare: Bool = true,
    scoreName: String = "score", chanceName: String = "chance"
  ) {
    self.bars = bars
    self.title = title
    self.valueName = valueName
    self.isShare = isShare
    self.scoreName = scoreName
    self.chanceName = chanceName
  }

  /// The figure.
  ///
  /// - Throws: ``FigureError`` of kind `badData` if there is no score.
  public func figure(named name: String) throws(FigureError) -> Figure {
    guard bars.contains(where: { $0.value.isFinite }) else {
      throw FigureError(.badData, "There is no score to draw in the figure \(name).")
    }
    let step = bars.count > 12 ? 13.0 : 18.0
    let label = min(TextMetrics.widest(bars.map(\.name), size: 7) + 10, 230)
    let top = (title.isEmpty ? 8 : 24) + 14.0
    let frame = Frame(
      x: label + 10, y: top, width: 230, height: step * Double(bars.count) + 6)
    var page = FigurePage(width: frame.right + 92, height: frame.bottom + 32)
    page.text(title, x: 12, y: 13, size: 9, bold: true)
    let factor = isShare ? 100.0 : 1
    var table = NumberTable(["place", "value", "chance", "lower", "upper"])
    for (index, bar) in bars.enumerated() {
      let middle = frame.y + 3 + (Double(index) + 0.5) * step
      table.row([
        Double(index), bar.value * factor, (bar.chance ?? .nan) * factor,
        (bar.interval?.lowerBound ?? .nan) * factor, (bar.interval?.upperBound ?? .nan) * factor,
      ])
      page.text(
        TextMetrics.fitted(bar.name, width: label - 6, size: 7), x: frame.x - 5, y: middle,
        align: .right)
      let value =
        isShare ? Numeral.decimal(bar.value * 100, places: 1) + " %" : Numeral.readable(bar.value)
      page.text(value, x: frame.right + 6, y: middle, size: 7, bold: true)
      if let chance = bar.chance {
        let text =
          isShare ? Numeral.decimal(chance * 100, places: 1) + " %" : Numeral.readable(chance)
        page.text(text, x: frame.right + 46, y: middle, size: 7, color: .quiet)
      }
    }
    page.text(scoreName, x: frame.right + 6, y: frame.y - 6, size: 6.5, color: .quiet)
    let hasChance = bars.contains { $0.chance != nil }
    if hasChance {
      page.line(
        fromX: frame.right + 40, fromY: frame.y - 10, toX: frame.right + 40, toY: frame.y - 2,
        width: 1.6, color: Self.chanceColor)
      page.text(chanceName, x: frame.right + 46, y: frame.y - 6, size: 6.5, color: .quiet)
    }
    let file = page.data("scores.tsv", table.content)
    let ends = bars.flatMap { bar in
      [bar.value, bar.chance ?? 0, bar.interval?.upperBound ?? 0, bar.interval?.lowerBound ?? 0]
        .map { $0 * factor }
    }
    var x: Axis = .linear(
      valueName + (isShare ? " (%)" : ""), ends, around: isShare ? [0, 100] : [0], count: 5)
    x.title = valueName + (isShare ? " (%)" : "")
    let count = Double(bars.count)
    let pad = 3 / step
    let y = Axis(title: "", range: -0.5 - pad...count - 0.5 + pad, ticks: [])
    var plots = [
      "\(file) using ($2/2.0):1:($2/2.0):(0.31) with boxxyerror fillstyle solid 1 noborder lc rgb "
        + "\"\(Color(0x56B4E9).mixed(with: Color(0x0072B2), 0.45).hex)\""
    ]
    if bars.contains(where: { $0.interval != nil }) {
      plots.append(
        "\(file) using 2:1:4:5 with xerrorbars pt -1 lw 0.9 lc rgb \"\(Color.ink.hex)\"")
    }
    if hasChance {
      plots.append(
        "\(file) using 3:($1-0.42):(0):(0.84) with vectors nohead lw 1.6 lc rgb "
          + "\"\(Self.chanceColor.hex)\"")
    }
    // The first score stands at the top.
    page.chart(
      frame, x: x, y: y,
      extra: [
        "set yrange [\(y.range.upperBound):\(y.range.lowerBound)]", "unset grid",
        "set grid xtics back lt 1 lw 0.4 lc rgb \"\(Color.grid.hex)\"",
      ],
      plots: plots)
    return Figure(
      page, name: name,
      alternative: (title.isEmpty ? valueName : title) + ": "
        + bars.map { "\($0.name) \(Numeral.readable($0.value))" }.joined(separator: ", "))
  }

  private static let chanceColor = Color(0xD55E00)
}

// MARK: From results of an analysis

extension AccuracyBars {
  /// How well labels of held-out cells are predicted, with chance and confidence intervals.
  public init(_ probe: HeldOutProbe, title: String = "Held-out cells") {
    self.init(
      probe.scores.map { score in
        let estimate = score.estimate
        return Bar(
          name: "\(score.method): \(score.score)", value: estimate.value, chance: estimate.chance,
          interval: estimate.low <= estimate.high ? estimate.low...estimate.high : nil)
      }, title: title, valueName: "score")
  }

  /// How much of an embedding covariates, labels and fields explain.
  public init(_ check: ConfounderCheck, title: String = "What explains the embedding") {
    self.init(
      check.explained.map { found in
        Bar(
          name: found.name, value: found.share.adjusted, chance: found.nullHigh.map { max(0, $0) })
      }, title: title, valueName: "adjusted share of variance",
      scoreName: "share", chanceName: "shuffled")
  }
}
