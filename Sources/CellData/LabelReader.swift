import ArrayFiles
import Foundation

/// Reads the label tables of a data set one after the other into common columns.
struct LabelReader {
  private let layout: DataLayout
  private var builders: [LabelColumn.Builder] = []
  private var firstPath: String?
  /// For each column without a name, whether its values are those of the files' stems.
  private var isStem: [Bool] = []
  private var isEnsembl: [Bool] = []

  init(layout: DataLayout) { self.layout = layout }

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
    let (shape, values) = try Self.strings(url)
    guard shape.count == 1 || shape.count == 2, shape.last != 0 else {
      throw CellDataError.shape(
        path: path, found: shape, expected: "one row of labels per crop, [crops, columns]")
    }
    let columns = shape.count == 2 ? shape[1] : 1
    try start((0..<columns).map { "column\($0)" }, path)
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
    return shape[0]
  }

  private static func strings(_ url: URL) throws(ArrayFileError) -> ([Int], [String]) {
    throw ArrayFileError(.badData, url, problem: "text arrays cannot be read yet")
  }

  private mutating func readCSV(_ url: URL) throws -> Int {
    let path = url.path(percentEncoded: false)
    var width: Int?
    var rows = 0
    try forEachRecord(of: url) { line, fields in
      guard let columns = width else {
        width = fields.count
        return try start(fields, path)
      }
      guard fields.count == columns else {
        throw ArrayFileError(
          .badData, url, place: "line \(line)",
          problem: "has \(fields.count) fields, the header has \(columns)")
      }
      for (column, value) in fields.enumerated() { builders[column].append(value) }
      rows += 1
    }
    guard width != nil else {
      throw ArrayFileError(
        .badData, url, problem: "the table is empty",
        advice: "It needs a line of column names and a line per crop")
    }
    return rows
  }

  /// Takes the columns of the first table, and asks the same of every other.
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
  /// The label arrays of the sample layout have no column names: a column that always equals the
  /// files' names is `name`, one of Ensembl genes is `ensg`, others are `column0` and so on by
  /// place.
  func finish(rows: Int) -> LabelTable {
    var columns = builders.map { $0.finish() }
    for (index, column) in columns.enumerated() where index < isStem.count {
      let name = isStem[index] ? "name" : isEnsembl[index] ? "ensg" : nil
      guard let name, !columns.contains(where: { $0.name == name }) else { continue }
      columns[index] = LabelColumn(name: name, values: column.values, codes: column.codes)
    }
    return LabelTable(columns: columns, count: rows)
  }
}
