public import ArrayFiles
public import Foundation

extension FieldListing {
  /// What of a table and of a listing found no counterpart.
  public struct TableGaps: Sendable, Equatable {
    /// Fields that no row names.
    public var fields: [FieldSource] = []
    /// What the rows name for which there is no field.
    public var rows: [String] = []
  }

  /// Takes protein, gene, annotations, plate, well and site from the rows of a table.
  ///
  /// A row names a field in the column `file`, by the name or the path of one of its files, or in the
  /// column `field` by the field's own name. Columns are `name`, `ensg`, `loc_grade1` to
  /// `loc_grade3`, `plate`, `well`, `site`; an empty place leaves what the pattern gave.
  ///
  /// - Parameter url: the table.
  /// - Returns: The fields and the rows that found no counterpart.
  /// - Throws: `ArrayFileError` when the table cannot be read or has neither column.
  public mutating func apply(table url: URL) throws(ArrayFileError) -> TableGaps {
    let table = try CSVTable(url)
    let key = table.columnIndex("file") ?? table.columnIndex("field")
    guard let key else {
      throw ArrayFileError(
        .badData, url, problem: "has no column 'file' or 'field' that names the fields",
        advice: "Its columns are: \(table.header.prefix(20).joined(separator: ", "))")
    }
    let isFile = table.header[key] == "file"
    let keys = table.columns[key].strings()
    var rows: [String: [Int]] = [:]
    for (row, key) in keys.enumerated() {
      rows[isFile ? URL(filePath: key).lastPathComponent : key, default: []].append(row)
    }
    var columns: [String: [String]] = [:]
    for name in ["name", "ensg", "loc_grade1", "loc_grade2", "loc_grade3", "plate", "well", "site"]
    {
      columns[name] = table.columnIndex(name).map { table.columns[$0].strings() }
    }
    var gaps = TableGaps()
    var used: Set<Int> = []
    for index in fields.indices {
      guard let row = Self.row(of: fields[index], isFile: isFile, rows: rows, keys: keys) else {
        gaps.fields.append(fields[index])
        continue
      }
      used.insert(row)
      func value(_ column: String, _ fallback: String) -> String {
        guard let value = columns[column]?[row], !value.isEmpty else { return fallback }
        return value
      }
      fields[index].name = value("name", fields[index].name)
      fields[index].gene = value("ensg", fields[index].gene)
      fields[index].grades = (1...3).map {
        value("loc_grade\($0)", fields[index].grades[$0 - 1])
      }
      fields[index].plate = value("plate", fields[index].plate)
      fields[index].well = value("well", fields[index].well)
      fields[index].site = value("site", fields[index].site)
    }
    // A row may name another file of a field whose row was used already.
    let parts = Set(fields.flatMap { $0.parts.map(\.url.lastPathComponent) })
    gaps.rows = keys.indices.filter { row in
      !used.contains(row) && !(isFile && parts.contains(URL(filePath: keys[row]).lastPathComponent))
    }.map { keys[$0] }
    return gaps
  }

  /// The row of a field: of several with its file's name, the one whose path agrees.
  private static func row(
    of field: FieldSource, isFile: Bool, rows: [String: [Int]], keys: [String]
  ) -> Int? {
    guard isFile else { return rows[field.stem]?.first }
    for part in field.parts {
      guard let candidates = rows[part.url.lastPathComponent] else { continue }
      if candidates.count == 1 { return candidates[0] }
      let path = part.url.standardizedFileURL.pathComponents
      let agreeing = candidates.filter {
        path.ends(with: URL(filePath: keys[$0]).relativePath.split(separator: "/"))
      }
      if let row = agreeing.first { return row }
    }
    return nil
  }
}

extension [String] {
  /// Whether these path components end with others.
  fileprivate func ends(with others: [Substring]) -> Bool {
    suffix(others.count).elementsEqual(others) { $0 == $1 }
  }
}
