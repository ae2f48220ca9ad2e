import ArrayFiles
import Foundation

/// Reads the label tables of a data set one after the other into common columns.
struct LabelReader {
  /// The names of the columns of label arrays, where a manifest tells them.
  private let columnNames: [String]?
  private var builders: [LabelColumn.Builder] = []
  private var firstPath: String?
  /// For each column without a name, whether its values are those of the files' stems.
  private var isStem: [Bool] = []
  private var isEnsembl: [Bool] = []
  /// Whether no value of the last column has come in two files.
  private var lastColumnIsNested = true
  private var fileCount = 0
  private var lastValues: Set<String> = []

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
    if isStem.isEmpty {
      isStem = [Bool](repeating: true, count: columns)
      isEnsembl = isStem
    }
    for (place, value) in values.enumerated() {
      let column = place % columns
      builders[column].append(value)
      isStem[column] = isStem[column] && value == stem
      isEnsembl[column] = isEnsembl[column] && value.hasPrefix("ENSG")
    }
    let own = Set(stride(from: columns - 1, to: values.count, by: columns).map { values[$0] })
    if lastColumnIsNested {
      lastColumnIsNested = lastValues.isDisjoint(with: own)
      lastValues.formUnion(own)
    }
    fileCount += 1
    return shape[0]
  }

  private mutating func readCSV(_ url: URL) throws -> Int {
    let reader = try CSVReader(url)
    try start(reader.header, url.path(percentEncoded: false))
    var rows = 0
    while try reader.next() {
      for column in builders.indices { builders[column].append(reader[column]) }
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

  /// The table of all files.
  ///
  /// The label arrays of the sample layout have no column names. A column that always equals the
  /// files' names is `name`, one of Ensembl genes is `ensg`; the last column, which upstream takes
  /// for the field of view, is `fov` if it divides the cells of a file and no value of it occurs
  /// in two files; others are `column0` and so on by place.
  func finish(rows: Int) -> LabelTable {
    var columns = builders.map { $0.finish() }
    for (index, column) in columns.enumerated() where column.name == "column\(index)" {
      guard index < isStem.count else { break }
      let isField =
        index > 0 && index == columns.count - 1 && lastColumnIsNested && !column.isUnique
        && column.values.count > fileCount
      let name = isStem[index] ? "name" : isEnsembl[index] ? "ensg" : isField ? "fov" : nil
      guard let name, !columns.contains(where: { $0.name == name }) else { continue }
      columns[index] = LabelColumn(name: name, values: column.values, codes: column.codes)
    }
    return LabelTable(columns: columns, count: rows)
  }
}
