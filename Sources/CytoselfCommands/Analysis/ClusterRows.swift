import ArrayFiles
import CytoselfAnalysis
import CytoselfFigures
import Foundation

/// The rows that are clustered: cells, or proteins by the mean of their cells.
struct ClusterRows {
  /// What the rows are called in messages: cells or proteins.
  let kind: String
  /// The id of each row.
  let ids: [String]
  /// The rows.
  let values: Matrix
  /// Where they come from, for messages.
  let source: String
  private let columns: [(name: String, values: [String])]
  private let table: EmbeddingTable
  /// For proteins: the protein of each cell.
  private let proteins: [String]?
  /// The column that names the protein of a cell, if one is given or found.
  private let proteinColumn: String?

  init(
    _ table: EmbeddingTable, _ embedding: EmbeddingLayer, proteinColumn: String?,
    averagesProteins: Bool, split: String? = nil, components: Int?, seed: UInt64, workers: Workers
  ) throws {
    // Cells are reduced as they are read: all of them may be more than memory holds.
    func reduced(_ rows: some RowSource) throws -> Matrix {
      guard let components, components < rows.columns else { return try rows.matrix() }
      try rows.requireFinite()
      return try PrincipalComponents(rows, count: components, seed: seed, workers: workers)
        .transform(rows, workers: workers)
    }
    self.table = table
    source = embedding.name
    if averagesProteins, let proteinColumn { table.sayMissing(in: proteinColumn) }
    let proteinColumn =
      proteinColumn ?? (averagesProteins ? table.sayingProteinColumn() : table.proteinColumn)
    self.proteinColumn = proteinColumn
    guard averagesProteins else {
      kind = "cells"
      values = try reduced(embedding)
      ids = table.ids(rows: values.rows)
      columns = try table.labelColumns.map { ($0, try table.labels($0)) }
      proteins = nil
      return
    }
    guard let column = proteinColumn else {
      throw AnalysisError.badOption(
        name: "--labels", value: "not given",
        expected: "the column of cells.csv with the protein")
    }
    let labels = try table.labels(column)
    let chosen = try Self.chosenSplit(split, of: table)
    let means = try GroupMeans(embedding, labels: labels) { row in
      chosen.map { table.split?[row] == $0 } ?? true
    }
    kind = "proteins"
    try means.means.requireFinite(source: source)
    values = try reduced(means.means)
    ids = means.names
    columns = [("cells", means.counts.map(String.init))]
    proteins = labels
  }

  /// The part whose cells are averaged; nil for all cells.
  private static func chosenSplit(_ requested: String?, of table: EmbeddingTable) throws -> String?
  {
    let parts = table.split.map { Set($0) } ?? []
    if let requested, requested != "all" {
      guard parts.contains(requested) else {
        throw AnalysisError.badOption(
          name: "--split", value: requested,
          expected: (parts.sorted() + ["all"]).joined(separator: ", ") + ", the parts of the cells")
      }
      return requested
    }
    guard requested == nil else { return nil }
    if !parts.contains("test") {
      StandardError.warn("no cell is held out (split test), so all cells are averaged")
    }
    return parts.contains("test") ? "test" : nil
  }

  /// The group of each row by a column of the cells; a protein whose cells differ has none.
  func groups(_ column: String, separator: String?) throws -> [String?] {
    let labels = try table.labels(column)
    guard let proteins else { return single(labels, separator) }
    var groups: [String: String] = [:]
    var mixed: Set<String> = []
    for (protein, label) in zip(proteins, labels) where !label.isEmpty {
      if let other = groups[protein], other != label { mixed.insert(protein) }
      groups[protein] = label
    }
    return single(ids.map { mixed.contains($0) ? nil : groups[$0] }, separator)
  }

  /// The group of each row by a table of proteins.
  ///
  /// - Parameters:
  ///   - column: the column with the group.
  ///   - url: the table.
  ///   - key: the column with the protein; nil takes the first.
  ///   - filter: `column=value`, to take only the rows with this value.
  func groups(
    _ column: String, of url: URL, key: String?, filter: String?, separator: String?
  ) throws -> [String?] {
    let annotations = try CSVTable(url)
    func values(_ name: String) throws -> [String] {
      guard let index = annotations.columnIndex(name) else {
        throw AnalysisError.unknownColumn(
          name: name, path: url.path, columns: annotations.header)
      }
      let column = annotations.columns[index]
      let known = column.uniqueValues.map(MissingText.label)
      return column.codes.map { known[Int($0)] }
    }
    let keys = try values(key ?? annotations.header.first ?? "")
    var entries = Array(zip(keys, try values(column)))
    if let parts = filter?.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false) {
      let wanted = String(parts[parts.count - 1])
      let filtered = try values(String(parts[0]))
      entries = zip(entries, filtered).filter { $0.1 == wanted }.map(\.0)
      guard !entries.isEmpty else {
        throw AnalysisError.badOption(
          name: "--where", value: filter ?? "",
          expected: "a value of the column '\(parts[0])' of \(url.path), such as "
            + (filtered.first ?? ""))
      }
    }
    let groups = Dictionary(
      entries,
      uniquingKeysWith: { first, second in
        first == second ? first : ""
      })
    let names = try proteins == nil ? table.labels(proteinColumn ?? "protein") : ids
    return single(names.map { groups[$0] }, separator)
  }

  /// Annotations with several places are left out, as in the paper: they fit no single cluster.
  ///
  /// Several are what `separator` divides. Without one, what `;`, `|` or `,` divide into parts that are all
  /// entries of their own elsewhere; a name that holds such a character is one group. Both are said.
  private func single(_ groups: [String?], _ separator: String?) -> [String?] {
    let known = Set(groups.compactMap { $0 })
    func isSeveral(_ group: String) -> Bool {
      func parts(_ separator: String) -> [String] {
        group.components(separatedBy: separator).map { MissingText.label($0) }
      }
      if let separator { return !separator.isEmpty && parts(separator).count > 1 }
      return [";", "|", ","].contains { mark in
        let found = parts(mark)
        return found.count > 1 && found.allSatisfy { $0 != group && known.contains($0) }
      }
    }
    let several = known.filter(isSeveral)
    func some(_ names: some Sequence<String>) -> String {
      names.sorted().prefix(3).map { "'\($0)'" }.joined(separator: ", ")
    }
    if !several.isEmpty {
      StandardError.print(
        "note: entries of several groups are left out of the comparison, such as \(some(several)) "
          + "(--separator '' takes each for one group)")
    }
    let whole = known.subtracting(several).filter { $0.contains { ";|,".contains($0) } }
    if separator == nil, !whole.isEmpty {
      StandardError.print(
        "note: \(some(whole)) \(whole.count == 1 ? "is" : "are") taken for one group each "
          + "(--separator names the character between several groups)")
    }
    return groups.map { group in
      group.flatMap { $0.isEmpty || several.contains($0) ? nil : $0 }
    }
  }

  func write(
    _ partition: Partition, comparedWith known: (name: String, groups: [String?])?, to folder: URL
  ) throws {
    try NPY.write(
      partition.codes.map(Int32.init), shape: [partition.codes.count],
      to: folder.appending(path: "clusters.npy"))
    var shown = columns
    if let known, !shown.contains(where: { $0.name == known.name }) {
      shown.append((known.name, known.groups.map { $0 ?? "" }))
    }
    let writer = try CSVWriter(
      folder.appending(path: "clusters.csv"),
      header: ColumnNames.unique(
        [kind == "cells" ? "cell" : "protein"] + shown.map(\.name) + ["cluster"]))
    for row in ids.indices {
      try writer.append([ids[row]] + shown.map { $0.values[row] } + ["\(partition.codes[row])"])
    }
    try writer.finish()
  }
}

extension ResolutionSweep {
  /// Writes a row for each resolution and seed.
  func write(to url: URL, firstSeed: UInt64) throws {
    let writer = try CSVWriter(
      url,
      header: [
        "resolution", "seed", "clusters", "adjusted_rand_index", "adjusted_mutual_information",
      ])
    for point in points {
      for seed in point.communities.indices {
        try writer.append([
          "\(point.resolution)", "\(firstSeed &+ UInt64(seed))", "\(point.communities[seed])",
          "\(point.adjustedRandIndex[seed])", "\(point.adjustedMutualInformation[seed])",
        ])
      }
    }
    try writer.finish()
  }

  /// Means over seeds with the range of seeds, over resolutions.
  func figure(title: String) throws(FigureError) -> Figure {
    func curve(_ name: String, _ values: (Point) -> [Double]) -> CurveFigure.Curve {
      CurveFigure.Curve(
        name: name, x: points.map(\.resolution), y: points.map { Self.mean(values($0)) },
        lower: points.map { values($0).min() ?? 0 }, upper: points.map { values($0).max() ?? 0 })
    }
    return try CurveFigure(
      [
        curve("adjusted Rand index") { $0.adjustedRandIndex },
        curve("adjusted mutual information") { $0.adjustedMutualInformation },
      ], title: title, xTitle: "resolution", yTitle: "agreement (0 is chance)",
      isLogarithmic: true
    ).figure(named: "agreement")
  }
}
