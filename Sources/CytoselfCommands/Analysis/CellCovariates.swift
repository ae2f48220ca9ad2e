import ArrayFiles
import CellCrops
import CellData
import CytoselfAnalysis
import Foundation

/// Numbers of cells that should not matter: intensity, area and the like.
enum CellCovariates {
  /// What `cytoself crop` measures, and names that others give the same.
  private static let usual = [
    "intensity", "nuclear_protein", "area", "focus", "cell_area", "nuclear_area", "mean_intensity",
  ]

  /// Columns of the table as numbers, NaN where empty; without names those that are called as usual.
  ///
  /// - Throws: `AnalysisError.unknownColumn`; `.badFile` for a named column that holds no numbers.
  static func columns(
    _ names: [String], of table: EmbeddingTable
  ) throws -> [(name: String, values: [Double])] {
    guard let cells = table.cells else { return [] }
    guard names.isEmpty else {
      return try names.map { name in
        _ = try table.labels(name)
        let column = try cells.column(name)
        let values = try column.doubles()
        guard values.contains(where: \.isFinite) else {
          throw AnalysisError.badFile(
            path: cells.url.path, problem: "the column '\(name)' is empty",
            expected: "a number for each cell")
        }
        return (name, values)
      }
    }
    return cells.header.filter { usual.contains($0.lowercased()) }.compactMap { name in
      guard let values = try? cells.column(name).doubles(), values.contains(where: \.isFinite)
      else { return nil }
      return (name, values)
    }
  }

  /// Mean grey value and bright area of every channel, measured in the crops.
  ///
  /// The area is the number of pixels above Otsu's threshold of the crop.
  ///
  /// - Parameters:
  ///   - path: a folder in any layout, or one npy.
  ///   - channels: channels by name or number; empty for the usual ones.
  ///   - ids: the cells of the embedding; those that are not among the crops have NaN.
  /// - Throws: `AnalysisError.badFile` if the crops hold none of the cells, `CellDataError`.
  static func measured(
    in path: String, channels: [String], ids: [String]
  ) throws -> [(name: String, values: [Double])] {
    let crops = try CropsOfCells(path, channels: channels.isEmpty ? nil : channels, ids: ids)
    let data = crops.data
    let selected = data.selectedChannels
    let reader = CropReader(data, channels: selected)
    let plane = data.height * data.width
    var values = [[Double]](
      repeating: [Double](repeating: .nan, count: ids.count), count: 2 * selected.count)
    for (cell, row) in crops.rows.enumerated() {
      guard let row else { continue }
      let crop = try reader.crop(row)
      crop.withUnsafeBufferPointer { pixels in
        for place in selected.indices {
          let channel = UnsafeBufferPointer(
            rebasing: pixels[place * plane..<(place + 1) * plane])
          values[2 * place][cell] = channel.reduce(0) { $0 + Double($1) } / Double(plane)
          let threshold = Threshold.otsu(channel) ?? .infinity
          values[2 * place + 1][cell] = Double(channel.count { $0 > threshold })
        }
      }
    }
    return selected.enumerated().flatMap { place, channel in
      let name = data.channels[channel].name
      return [
        ("\(name) intensity", values[2 * place]), ("\(name) area", values[2 * place + 1]),
      ]
    }
  }
}
