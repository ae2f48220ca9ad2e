import ArrayFiles
public import Foundation

extension Split {
  /// Writes the split as a table with the columns `cell` and `split`, in the order of the rows.
  ///
  /// - Parameters:
  ///   - url: the file; it appears under this name when it is complete.
  ///   - data: the data set that was split.
  /// - Throws: `CellDataError.file` when the file cannot be written.
  public func write(to url: URL, data: CellDataSet) throws(CellDataError) {
    do {
      let file = try AtomicFile(url)
      try file.write("cell,split\n")
      for (row, part) in parts(count: data.count).enumerated() {
        guard let part else { continue }
        try file.write("\(Self.quoted(data.cell(row))),\(part.rawValue)\n")
      }
      try file.finish()
    } catch {
      throw .file(error)
    }
  }

  private static func quoted(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 34 || $0 == 44 || $0 == 10 || $0 == 13 }) else {
      return text
    }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }

  /// Reads a split that was written for a data set, or made by hand.
  ///
  /// - Parameters:
  ///   - url: a table with the columns `cell` and `split`; others are passed over.
  ///   - data: the data set it is for.
  /// - Throws: `CellDataError.splitFile` for a cell that is not in the data set or comes twice, or an
  ///   unknown part; `.unknownColumn` without the two columns; `.emptySplit` where no cell trains.
  public init(contentsOf url: URL, data: CellDataSet) throws(CellDataError) {
    let path = url.path(percentEncoded: false)
    var rowOfCell: [String: Int] = [:]
    rowOfCell.reserveCapacity(data.count)
    for row in 0..<data.count { rowOfCell[data.cell(row)] = row }
    var parts = [Part?](repeating: nil, count: data.count)
    var columns: (cell: Int, part: Int)?
    do {
      try forEachRecord(of: url) { line, fields in
        guard let (cellColumn, partColumn) = columns else {
          guard let cell = fields.firstIndex(of: "cell") else {
            throw CellDataError.unknownColumn(name: "cell", available: fields)
          }
          guard let part = fields.firstIndex(of: "split") else {
            throw CellDataError.unknownColumn(name: "split", available: fields)
          }
          columns = (cell, part)
          return
        }
        func wrong(_ problem: String) -> CellDataError {
          .splitFile(path: path, line: line, cell: fields.first ?? "", problem: problem)
        }
        guard fields.count > max(cellColumn, partColumn) else { throw wrong("has no part") }
        let cell = fields[cellColumn]
        guard let row = rowOfCell[cell] else { throw wrong("is not in the data set") }
        guard parts[row] == nil else { throw wrong("is there twice") }
        guard let part = SplitMaker.part(of: fields[partColumn]) else {
          throw wrong("has the part \"\(fields[partColumn])\"; expected train, val or test")
        }
        parts[row] = part
      }
    } catch let error as CellDataError {
      throw error
    } catch let error as ArrayFileError {
      throw .file(error)
    } catch {
      throw .file(ArrayFileError(.inputOutput, url, problem: "\(error)"))
    }
    let missing = parts.count { $0 == nil }
    self.init(
      parts, rule: "file \(url.lastPathComponent)",
      warnings: missing == 0
        ? []
        : [
          "\(missing) cells of the data set are not in \(url.lastPathComponent) and take no part."
        ])
    try requireCells([.train])
  }
}
