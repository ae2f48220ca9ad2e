import ArrayFiles
import CytoselfAnalysis
import Foundation

extension Atlas {
  /// The columns of the table, and what clusters add to them, cells in the order of the atlas.
  ///
  /// - Throws: `AnalysisError.unknownColumn` for a protein or field that the table does not have.
  func columns(order: [Int32], warn: (String) -> Void) throws -> [AtlasColumn] {
    guard let source = table.cells else { return try clusterColumn(order: order, proteins: nil) }
    for name in [proteinColumn, fieldColumn].compactMap({ $0 })
    where source.columnIndex(name) == nil {
      throw AnalysisError.unknownColumn(
        name: name, path: source.url.path, columns: source.header)
    }
    var columns: [AtlasColumn] = []
    let shown = table.labelColumns
    for name in shown
      + (source.header.contains("split") && !shown.contains("split") ? ["split"] : [])
    {
      guard let place = source.columnIndex(name) else { continue }
      let column = source.columns[place]
      let role = AtlasColumn.role(of: name, protein: proteinColumn, field: fieldColumn)
      guard
        let found = AtlasColumn(
          name: name, distinct: column.uniqueValues,
          codes: order.map { column.codes[Int($0)] }, role: role, known: palette[name] ?? [])
      else {
        warn(
          "column \(name) has over \(AtlasColumn.mostLabels - 1) different labels, which name rather "
            + "than group cells, and is left out of the atlas.")
        continue
      }
      columns.append(found)
    }
    let proteins = proteinColumn.flatMap(source.columnIndex).map { source.columns[$0] }
    return try columns + clusterColumn(order: order, proteins: proteins)
  }

  private func clusterColumn(order: [Int32], proteins: CSVColumn?) throws -> [AtlasColumn] {
    guard let clusters else { return [] }
    return [try clusters.column(of: cells, proteins: proteins).ordered(order)]
  }
}

extension AtlasColumn {
  /// The column with its cells in another order.
  func ordered(_ order: [Int32]) -> AtlasColumn {
    switch values {
    case .labels(let labels, let colors, let codes):
      AtlasColumn(
        name: name, role: role,
        values: .labels(labels, colors: colors, codes: order.map { codes[Int($0)] }))
    case .numbers(let numbers):
      AtlasColumn(name: name, role: role, values: .numbers(order.map { numbers[Int($0)] }))
    }
  }
}
