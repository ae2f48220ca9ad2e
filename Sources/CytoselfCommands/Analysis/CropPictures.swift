import CellData
import CytoselfAnalysis
import CytoselfFigures
import Foundation
import Numerics

/// Small pictures of cells, read from the crops they were embedded from.
package struct CropPictures {
  private let data: CellDataSet
  private let most: Int

  /// Opens the crops.
  ///
  /// - Parameters:
  ///   - path: a folder in any layout, or one npy.
  ///   - channel: by name or number; nil takes the first.
  ///   - most: the maximum number of pictures.
  /// - Throws: `CellDataError`.
  package init(_ path: String, channel: String?, most: Int) throws {
    data = try CellDataSet(
      URL(filePath: path), options: CellDataOptions(channels: channel.map { [$0] }))
    self.most = most
  }

  /// Pictures of cells that are found by their ids; of too many cells a sample, each group in turn.
  ///
  /// - Parameters:
  ///   - ids: the id of each cell of the map.
  ///   - groups: the group of each cell.
  /// - Throws: `AnalysisError.badFile` if the crops hold none of the cells, `CellDataError`.
  func pictures(of ids: [String], groups: [String]) throws -> InteractiveMap.Pictures {
    let rows = try CropsOfCells(data, ids: ids).rows
    let found = ids.indices.filter { rows[$0] != nil }
    let reader = CropReader(data, channels: [data.selectedChannels[0]])
    var pictures = InteractiveMap.Pictures()
    for cell in sample(of: found, groups) {
      guard let row = rows[cell] else { continue }
      pictures.add(
        cell: cell,
        .init(height: data.height, width: data.width, values: try reader.crop(row)))
    }
    return pictures
  }

  /// At most so many cells, as evenly over groups as they allow, in ascending order.
  private func sample(of cells: [Int], _ groups: [String]) -> [Int] {
    guard cells.count > most else { return cells }
    var shuffled = cells
    var generator = SplitMix64(seed: 0, stream: 0)
    generator.shuffle(&shuffled)
    var taken: [String: Int] = [:]
    let turns = shuffled.map { cell in
      taken[groups[cell], default: 0] += 1
      return (turn: taken[groups[cell]] ?? 0, cell: cell)
    }
    return turns.sorted { ($0.turn, $0.cell) < ($1.turn, $1.cell) }.prefix(most).map(\.cell)
      .sorted()
  }
}
