import ArrayFiles
import CellData
import Foundation

/// `cells.csv`: the cell of each row of an embedding.
///
/// Columns are `cell`, the label columns of the data set, then `split`, `source` and `row`. A label
/// column that has one of these names is written with `data_` before it.
struct CellTable {
  private let data: CellDataSet
  private let parts: [Split.Part?]?

  init(_ data: CellDataSet, parts: [Split.Part?]?) {
    self.data = data
    self.parts = parts
  }

  func write(to url: URL) throws {
    let own: Set = ["cell", "split", "source", "row"]
    let columns = data.labels.columns
    let names = columns.map { own.contains($0.name) ? "data_\($0.name)" : $0.name }
    let writer = try CSVWriter(url, header: ["cell"] + names + ["split", "source", "row"])
    for row in 0..<data.count {
      let place = data.place(row)
      let part = parts?[row]?.rawValue ?? ""
      try writer.append(
        [data.cell(row)] + columns.map { $0[row] } + [part, place.source, "\(place.row)"])
    }
    try writer.finish()
  }
}
