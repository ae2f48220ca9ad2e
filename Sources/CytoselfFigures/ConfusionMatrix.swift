import ArrayFiles
public import CytoselfAnalysis
import Foundation

/// How often cells of each true group were assigned to each group.
///
/// Rows are the true groups and sum to 100 %; the count of cells stands at the right.
public struct ConfusionMatrix: Sendable {
  /// The groups, in the order of rows and columns.
  public var names: [String]
  /// Counts `[true, predicted]`.
  public var counts: [[Int]]
  /// The title of the figure.
  public var title: String

  /// A matrix of counts `[true, predicted]`.
  public init(names: [String], counts: [[Int]], title: String = "Confusion matrix") {
    self.names = names
    self.counts = counts
    self.title = title
  }

  /// A matrix from the true and the predicted group of each cell.
  ///
  /// Groups not in `names` are left out.
  public init(
    names: [String], truth: [String], predicted: [String], title: String = "Confusion matrix"
  ) {
    let places = Dictionary(
      names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var counts = [[Int]](repeating: [Int](repeating: 0, count: names.count), count: names.count)
    for (truth, predicted) in zip(truth, predicted) {
      if let row = places[truth], let column = places[predicted] { counts[row][column] += 1 }
    }
    self.init(names: names, counts: counts, title: title)
  }

  /// The figure.
  ///
  /// - Throws: ``FigureError`` of kind `badData` if the matrix is empty or not square.
  public func figure(named name: String) throws(FigureError) -> Figure {
    let count = names.count
    guard count > 0, counts.count == count, counts.allSatisfy({ $0.count == count }) else {
      throw FigureError(
        .badData,
        "The confusion matrix \(name) has \(count) names and \(counts.count) rows; it needs a square "
          + "with one row and column for each name.")
    }
    let totals = counts.map { $0.reduce(0, +) }
    let all = totals.reduce(0, +)
    guard all > 0 else {
      throw FigureError(.badData, "The confusion matrix \(name) counts no cell.")
    }
    let shares = zip(counts, totals).flatMap { row, total in
      row.map { total > 0 ? Float($0) / Float(total) : .nan }
    }
    let cell = min(max(300 / Double(count), 6), 24)
    let labelSize = min(7, max(cell * 0.95, 4))
    let label = min(TextMetrics.widest(names, size: labelSize) + 6, 130)
    let side = cell * Double(count)
    // Column names run upwards above the matrix, steeply where columns are narrow.
    let angle = cell < 12 ? 90.0 : 45.0
    let rise = label * (cell < 12 ? 1 : 0.72) + 6
    let frame = Frame(x: label + 26, y: 32 + rise, width: side, height: side)
    let countWidth = TextMetrics.width(Numeral.grouped(totals.max() ?? 0), size: labelSize) + 8
    var page = FigurePage(
      width: max(frame.right + max(countWidth + 64, cell < 12 ? 0 : rise), frame.x + 230),
      height: frame.bottom + 14)
    let right = (0..<count).reduce(0) { $0 + counts[$1][$1] }
    let accuracy = Double(right) / Double(all)
    let chance = Double(totals.max() ?? 0) / Double(all)
    page.text(title, x: 14, y: 13, size: 9, bold: true)
    page.text(
      "Accuracy \(Numeral.decimal(accuracy * 100, places: 1)) % of \(Numeral.grouped(all)) cells; "
        + "the largest group alone would give \(Numeral.decimal(chance * 100, places: 1)) %",
      x: 14, y: 25, size: 7, color: .quiet, limit: 120)
    for (index, name) in names.enumerated() {
      let middle = (Double(index) + 0.5) * cell
      let text = TextMetrics.fitted(name, width: label, size: labelSize)
      page.text(text, x: frame.x - 4, y: frame.y + middle, size: labelSize, align: .right)
      page.text(text, x: frame.x + middle, y: frame.y - 5, size: labelSize, rotated: angle)
      page.text(
        Numeral.grouped(totals[index]), x: frame.right + countWidth - 4, y: frame.y + middle,
        size: labelSize, color: .quiet, align: .right)
    }
    page.text(
      "cells", x: frame.right + countWidth - 4, y: frame.bottom + 6, size: labelSize, color: .quiet,
      align: .right)
    page.text(
      "true group", x: 9, y: frame.y + side / 2, size: 7.5, align: .center, rotated: 90)
    page.text("assigned to", x: frame.x, y: frame.bottom + 7, size: 7.5)
    if cell >= 13 { drawNumbers(shares, frame, cell, &page) }
    page.outline(frame)
    MatrixImage(rows: count, columns: count, values: shares)
      .draw(on: &page, frame: frame, scale: .blues, range: 0...1)
    page.colorBar(
      Frame(
        x: frame.right + countWidth + 14, y: frame.y + 10, width: 7, height: min(90, side - 10)),
      scale: .blues, range: 0...1, title: "share")
    return Figure(
      page, name: name,
      alternative: "\(title): \(count) groups, accuracy "
        + "\(Numeral.decimal(accuracy * 100, places: 1)) %")
  }

  private func drawNumbers(
    _ shares: [Float], _ frame: Frame, _ cell: Double, _ page: inout FigurePage
  ) {
    let count = names.count
    for row in 0..<count {
      for column in 0..<count {
        let share = shares[row * count + column]
        guard share.isFinite, share >= 0.005 else { continue }
        let isDark = !ColorScale.blues.color(at: Double(share)).prefersDarkText
        page.text(
          Numeral.decimal(Double(share) * 100, places: 0),
          x: frame.x + (Double(column) + 0.5) * cell, y: frame.y + (Double(row) + 0.5) * cell,
          size: min(6.5, cell * 0.42), color: isDark ? .white : .ink, align: .center)
      }
    }
  }
}

// MARK: From results of an analysis

extension ConfusionMatrix {
  /// The classes that held-out cells were assigned to.
  ///
  /// - Parameters:
  ///   - found: the predictions of a probe.
  ///   - most: the most classes shown; of more, those with most cells.
  ///   - title: the title of the figure.
  public init(_ found: Identification, most: Int = 60, title: String? = nil) {
    let all = found.classes.indices
    let shown = all.sorted {
      (-found.classes[$0].cells, $0) < (-found.classes[$1].cells, $1)
    }.prefix(most).sorted()
    var places = [Int?](repeating: nil, count: all.count)
    for (place, index) in shown.enumerated() { places[index] = place }
    var counts = [[Int]](repeating: [Int](repeating: 0, count: shown.count), count: shown.count)
    for pair in found.confusion {
      if let row = places[pair.truth], let column = places[pair.assigned] {
        counts[row][column] = pair.cells
      }
    }
    let some = shown.count < all.count ? ", the \(shown.count) largest of \(all.count) classes" : ""
    self.init(
      names: shown.map { found.classes[$0].name }, counts: counts,
      title: title ?? "\(found.label) by \(found.method)\(some)")
  }
}
