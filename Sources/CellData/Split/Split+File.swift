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
      let table = try CSVWriter(url, header: ["cell", "split"])
      for (row, part) in parts(count: data.count).enumerated() {
        if let part { try table.append([data.cell(row), part.rawValue]) }
      }
      try table.finish()
    } catch {
      throw .file(error)
    }
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
    do {
      let table = try CSVReader(url)
      guard let cellColumn = table.columnIndex("cell") else {
        throw CellDataError.unknownColumn(name: "cell", available: table.header)
      }
      guard let partColumn = table.columnIndex("split") else {
        throw CellDataError.unknownColumn(name: "split", available: table.header)
      }
      while try table.next() {
        let (cell, word) = (table[cellColumn], table[partColumn])
        func wrong(_ problem: String) -> CellDataError {
          .splitFile(path: path, row: table.row, cell: cell, problem: problem)
        }
        guard let row = rowOfCell[cell] else { throw wrong("is not in the data set") }
        guard parts[row] == nil else { throw wrong("is there twice") }
        guard let part = SplitMaker.part(of: word) else {
          throw wrong("has the part \"\(word)\"; expected train, val or test")
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
          missing == 1
            ? "1 cell of the data set is not in \(url.lastPathComponent) and takes no part."
            : "\(missing) cells of the data set are not in \(url.lastPathComponent) and take no part."
        ])
    try requireCells([.train])
  }
}
