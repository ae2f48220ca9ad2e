import ArrayFiles
import CytoselfAnalysis
import CytoselfFigures
import Foundation

/// What gives the cells of a map their colours: the groups or the numbers of one column.
struct MapColoring {
  /// Groups with their looks, or numbers; NaN where a cell has none.
  enum Kind {
    case groups([String], GroupPalette)
    case values([Float])
  }

  let column: String
  let kind: Kind

  /// Colours by a column.
  ///
  /// - Parameters:
  ///   - column: its name.
  ///   - labels: its entry for each cell.
  ///   - known: groups that have their place in the palette already.
  ///   - highlight: the groups that alone are to have colours; empty for all.
  ///   - holdsNames: whether the column names proteins or the like, so that its entries are never numbers.
  ///   - path: the table of the cells, for messages.
  /// - Throws: `AnalysisError.badOption` for a highlighted group that no cell is of.
  init(
    column: String, labels: [String], known: [String] = [], highlight: [String] = [],
    holdsNames: Bool = false, path: String
  ) throws {
    self.column = column
    guard highlight.isEmpty else {
      let present = Set(labels)
      for group in highlight where !present.contains(group) {
        let some = present.filter { !$0.isEmpty }.sorted().prefix(5).joined(separator: ", ")
        throw AnalysisError.badOption(
          name: "--highlight", value: group,
          expected: "groups in the column '\(column)' of \(path), such as \(some)")
      }
      // In a palette of another map they keep their looks, else they have the first ones.
      let shown = Set(highlight)
      let places = known.isEmpty ? highlight : known + highlight.filter { !known.contains($0) }
      let groups = labels.map { shown.contains($0) ? $0 : "others" }
      kind = .groups(groups, GroupPalette(places))
      return
    }
    let isName = holdsNames || ColumnRole.holdsNames(column)
    if !isName, let values = Self.numbers(labels), known.isEmpty {
      kind = .values(values)
    } else {
      kind = .groups(labels, GroupPalette(largestOf: labels, after: known))
    }
  }

  /// The entries as numbers, if they are rather amounts than names.
  private static func numbers(_ labels: [String]) -> [Float]? {
    let groups = Grouping(labels)
    guard let known = Amounts.values(of: groups.names) else { return nil }
    return groups.codes.map { known[$0] }
  }

  // MARK: palette.csv

  /// The groups of each column in a `palette.csv`, in their order.
  ///
  /// - Throws: `AnalysisError.missing` and `.unknownColumn`; the errors of the file.
  static func groups(inPalette path: String) throws -> [String: [String]] {
    guard FileManager.default.fileExists(atPath: path) else {
      throw AnalysisError.missing(
        path: path, advice: "Give the palette.csv that 'cytoself umap' wrote beside another map.")
    }
    let table = try CSVTable(URL(filePath: path))
    let columns = try ["column", "group"].map { name in
      guard let index = table.columnIndex(name) else {
        throw AnalysisError.unknownColumn(name: name, path: path, columns: table.header)
      }
      return table.columns[index].strings()
    }
    return Dictionary(grouping: zip(columns[0], columns[1]), by: \.0).mapValues { $0.map(\.1) }
  }

  /// Saves the looks of all groups, in their order.
  static func write(_ colorings: [MapColoring], to file: URL) throws {
    let writer = try CSVWriter(file, header: ["column", "group", "color", "marker"])
    for coloring in colorings {
      guard case .groups(_, let palette) = coloring.kind else { continue }
      for name in palette.names {
        try writer.append(
          [coloring.column, name, palette[name].color.hex, palette[name].marker.rawValue])
      }
    }
    try writer.finish()
  }
}
