import ArrayFiles
import Foundation
import Numerics

/// Reads the label tables of a data set one after the other into common columns.
struct LabelReader {
  /// The names of the columns of label arrays, where a manifest tells them.
  private let columnNames: [String]?
  private var builders: [LabelColumn.Builder] = []
  private var firstPath: String?
  /// What the values of each column without a name look like.
  private var signs: [Signs] = []
  private var fileCount = 0
  /// For each value of the last column its file, or -1 once it has come in two.
  private var fileOfLast: [String: Int] = [:]
  /// Labels that had white space at their ends.
  private var trimmed = 0
  /// What is odd about the tables.
  private(set) var warnings: [LabelWarning] = []

  /// Counts of what the values of a column look like; missing ones do not count.
  private struct Signs {
    var present = 0
    var stem = 0
    var ensembl = 0
    /// Whether every file has one value, white space and missing ones apart.
    var isOnePerFile = true
    var ofFile: String?

    /// What nearly all values are: one of another kind among many is a slip and changes nothing.
    var isStem: Bool { present > 0 && stem * 10 >= present * 9 }
    var isEnsembl: Bool { present > 0 && ensembl * 10 >= present * 9 }
  }

  init(columnNames: [String]? = nil) { self.columnNames = columnNames }

  /// Reads a table.
  ///
  /// - Returns: its number of rows.
  mutating func read(_ url: URL, stem: String, of images: URL) throws(CellDataError) -> Int {
    guard FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) else {
      throw .missingPart(
        path: url.path(percentEncoded: false), neededBy: images.lastPathComponent)
    }
    do {
      return url.pathExtension == "npy" ? try readArray(url, stem) : try readCSV(url)
    } catch let error as ArrayFileError {
      throw .file(error)
    } catch let error as CellDataError {
      throw error
    } catch {
      throw .file(ArrayFileError(.inputOutput, url, problem: "\(error)"))
    }
  }

  private mutating func readArray(_ url: URL, _ stem: String) throws -> Int {
    let path = url.path(percentEncoded: false)
    let (shape, values) = try NPY.strings(url)
    guard shape.count == 1 || shape.count == 2, shape.last != 0 else {
      throw CellDataError.shape(
        path: path, found: shape, expected: "one row of labels per crop, [crops, columns]")
    }
    let columns = shape.count == 2 ? shape[1] : 1
    let named = columnNames?.count == columns ? columnNames : nil
    try start(named ?? (0..<columns).map { "column\($0)" }, path)
    if signs.isEmpty { signs = [Signs](repeating: Signs(), count: columns) }
    for column in signs.indices { signs[column].ofFile = nil }
    for (place, value) in values.enumerated() {
      let column = place % columns
      let label = trim(value)
      builders[column].append(label)
      guard !MissingText.isMissing(label) else { continue }
      signs[column].present += 1
      signs[column].stem += label == stem ? 1 : 0
      signs[column].ensembl += label.hasPrefix("ENSG") ? 1 : 0
      if let first = signs[column].ofFile, first != label { signs[column].isOnePerFile = false }
      signs[column].ofFile = label
    }
    for place in stride(from: columns - 1, to: values.count, by: columns) {
      let label = values[place].trimmingSpaces
      if fileOfLast[label, default: fileCount] != fileCount {
        fileOfLast[label] = -1
      } else {
        fileOfLast[label] = fileCount
      }
    }
    fileCount += 1
    return shape[0]
  }

  private mutating func readCSV(_ url: URL) throws -> Int {
    let reader = try CSVReader(url)
    if firstPath == nil { warnAboutRepeats(in: reader, url) }
    try start(reader.header, url.path(percentEncoded: false))
    var rows = 0
    while try reader.next() {
      for column in builders.indices { builders[column].append(trim(reader[column])) }
      rows += 1
    }
    return rows
  }

  /// Takes the columns of the first table, and requires the same of every other.
  private mutating func start(_ names: [String], _ path: String) throws(CellDataError) {
    if let firstPath {
      let expected = builders.map(\.name)
      guard names == expected else {
        throw .columnsDiffer(path: path, found: names, other: firstPath, expected: expected)
      }
    } else {
      firstPath = path
      builders = names.map { LabelColumn.Builder($0) }
    }
  }

  /// White space at the ends of a label means nothing, and makes two classes of one.
  private mutating func trim(_ label: String) -> String {
    let short = label.trimmingSpaces
    // A label of nothing but white space is a missing one.
    if !short.isEmpty, short.utf8.count != label.utf8.count { trimmed += 1 }
    return short
  }

  private mutating func warnAboutRepeats(in reader: CSVReader, _ url: URL) {
    for name in reader.repeatedNames where !name.isEmpty {
      warnings.append(
        LabelWarning(
          "repeated_column", url.path(percentEncoded: false),
          "several columns are called \"\(name)\"",
          "The first is \(name), the next \(name).1: give each a name of its own.",
          concernsTable: true))
    }
  }

  /// The table of all files.
  ///
  /// The label arrays of the sample layout have no column names. A column that equals the files' names is
  /// `name`, one of Ensembl genes is `ensg`; beside that, the only one with one value for each file is `name` too.
  /// The last column, which upstream takes for the field of view, is `fov` if it divides the cells of a
  /// file and its values do not recur in other files; others are `column0` and so on by place. Missing
  /// values decide nothing, nor do a few that do not fit (a tenth).
  mutating func finish(rows: Int) -> LabelTable {
    if trimmed > 0 {
      let labels = trimmed.counted("label")
      warnings.append(
        LabelWarning(
          "white_space", firstPath ?? "", "\(labels) with white space at the ends",
          "It is left out, so that it does not make other classes."))
    }
    var columns = builders.map { $0.finish() }
    var names = columns.map(\.name)
    let unnamed = signs.indices.filter { names[$0] == "column\($0)" }
    func give(_ name: String, to index: Int?) {
      if let index, !names.contains(name), names[index] == "column\(index)" { names[index] = name }
    }
    give("name", to: unnamed.first { signs[$0].isStem })
    give("ensg", to: unnamed.first { signs[$0].isEnsembl })
    if names.contains("ensg") {
      let constant = unnamed.filter {
        names[$0] == "column\($0)" && signs[$0].isOnePerFile && signs[$0].present > 0
      }
      give("name", to: constant.count == 1 ? constant[0] : nil)
    }
    if let last = unnamed.last, last == columns.count - 1, last > 0, isField(columns[last]) {
      give("fov", to: last)
    }
    for (index, name) in names.enumerated() where name != columns[index].name {
      columns[index] = LabelColumn(
        name: name, values: columns[index].values, codes: columns[index].codes)
    }
    return LabelTable(columns: columns, count: rows)
  }

  /// Whether the last column of label arrays divides the cells of files, and cells share its values.
  private func isField(_ column: LabelColumn) -> Bool {
    let isMissing = column.isMissing
    let counts = column.counts
    let kept = column.values.indices.filter { !isMissing[$0] }
    let present = kept.reduce(0) { $0 + counts[$1] }
    let recurring = kept.reduce(0) { $0 + (fileOfLast[column.values[$1]] == -1 ? counts[$1] : 0) }
    return kept.count > fileCount && kept.count * 10 <= present * 9 && recurring * 10 <= present
  }
}
