import CellData
import CytoselfAnalysis
import Foundation

/// The crops that cells were embedded from, found by the ids of the cells.
struct CropsOfCells {
  /// The crops.
  let data: CellDataSet
  /// The row of each cell in ``data``; nil for a cell that is not there.
  let rows: [Int?]

  /// Opens crops and finds cells among them.
  ///
  /// - Parameters:
  ///   - path: a folder in any layout, or one npy.
  ///   - channels: channels by name or number; nil for the usual ones.
  ///   - ids: the cells of the embedding.
  /// - Throws: `AnalysisError.badFile` if the crops hold none of the cells, `CellDataError`.
  init(_ path: String, channels: [String]? = nil, ids: [String]) throws {
    try self.init(
      CellDataSet(URL(filePath: path), options: CellDataOptions(channels: channels)), ids: ids)
  }

  /// Finds cells among crops.
  ///
  /// - Throws: `AnalysisError.badFile` if the crops hold none of the cells.
  init(_ data: CellDataSet, ids: [String]) throws {
    var places: [String: Int] = [:]
    places.reserveCapacity(data.count)
    for row in 0..<data.count { places[data.cell(row)] = row }
    rows = ids.map { places[$0] }
    self.data = data
    guard rows.contains(where: { $0 != nil }) else {
      throw AnalysisError.badFile(
        path: data.url.path,
        problem: "it holds none of the cells, for instance no '\(ids.first ?? "")'",
        expected: "the crops that were embedded")
    }
  }
}
