import ArgumentParser
import CellData
import CytoselfAnalysis
import Foundation

/// Features that need no model, to compare an embedding with.
enum BaselineName: String, CaseIterable, ExpressibleByArgument {
  /// ``HandCraftedFeatures``.
  case classical
}

extension ScoreCommand {
  /// Hand-crafted features of the cells, if they are wanted, a row for each id.
  ///
  /// - Throws: `AnalysisError.badFile` for crops that lack a cell of the embedding, `CellDataError`.
  func handCrafted(ids: [String], workers: Workers) throws -> Matrix? {
    guard baseline != nil, let crops else { return nil }
    let found = try CropsOfCells(crops, ids: ids)
    let data = found.data
    let places = try zip(ids, found.rows).map { id, row in
      guard let row else {
        throw AnalysisError.badFile(
          path: data.url.path, problem: "it does not hold the cell '\(id)'",
          expected: "the crops that were embedded")
      }
      return row
    }
    let shape = data.cropShape
    let features = HandCraftedFeatures(channels: shape[0], height: shape[1], width: shape[2])
    let reader = CropReader(data)
    var values: [Float] = []
    values.reserveCapacity(ids.count * features.count)
    for start in stride(from: 0, to: places.count, by: 256) {
      let block = try places[start..<min(start + 256, places.count)].map { try reader.crop($0) }
      values += features.ofEach(block, workers: workers)
    }
    return Matrix(rows: ids.count, columns: features.count, values: values)
  }
}
