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
  /// - Throws: `ArrayFileError` when the table cannot be read or has neither column, or rows contradict
  ///   each other about a field.
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
      let own = Self.rows(of: fields[index], isFile: isFile, rows: rows, keys: keys)
      guard !own.isEmpty else {
        gaps.fields.append(fields[index])
        continue
      }
      used.formUnion(own)
      var values: [String: String] = [:]
      for (column, cells) in columns {
        let filled = own.filter { !cells[$0].isEmpty }
        guard let first = filled.first else { continue }
        if let other = filled.first(where: { cells[$0] != cells[first] }) {
          throw ArrayFileError(
            .badData, url, place: "rows \(first + 2) and \(other + 2)",
            problem: "both name field \(fields[index].stem), with '\(cells[first])' and "
              + "'\(cells[other])' in column '\(column)'",
            advice: "Leave one of them, or tell the fields apart by the paths of their files")
        }
        values[column] = cells[first]
      }
      func value(_ column: String, _ fallback: String) -> String { values[column] ?? fallback }
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

  /// The rows of a field: of several with its file's name, those whose path agrees.
  private static func rows(
    of field: FieldSource, isFile: Bool, rows: [String: [Int]], keys: [String]
  ) -> [Int] {
    guard isFile else { return rows[field.stem] ?? [] }
    var found: [Int] = []
    for part in field.parts {
      guard let candidates = rows[part.url.lastPathComponent] else { continue }
      if candidates.count == 1 {
        found += candidates
        continue
      }
      let path = part.url.standardizedFileURL.pathComponents
      found += candidates.filter {
        path.ends(with: URL(filePath: keys[$0]).relativePath.split(separator: "/"))
      }
    }
    return found
  }
}

extension [String] {
  /// Whether these path components end with others.
  fileprivate func ends(with others: [Substring]) -> Bool {
    suffix(others.count).elementsEqual(others) { $0 == $1 }
  }
}
