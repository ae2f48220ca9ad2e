import CytoselfAnalysis
import Foundation

/// `data/proteins.js`: what an atlas shows of each protein.
struct ProteinTable {
  /// The value of another column that most cells of a protein have.
  struct Majority: Encodable {
    let column: Int
    let value: Int
    let share: Double
  }

  /// The proteins nearest to one in a layer.
  struct Nearest: Encodable {
    let proteins: [Int]
    let similarity: [Double]
  }

  /// One protein.
  struct Protein: Encodable {
    let name: String
    let value: Int
    let count: Int
    let fields: Int?
    let positions: [[Float]?]
    let nearest: [Nearest]
    let spectrum: String?
    let majority: [Majority]
    let typical: [Int]
    let unusual: [Int]
    let scores: AtlasScores.OfClass?
  }

  /// The proteins in the order of their column.
  let proteins: [Protein]

  /// Cells that are named as typical, and as unusual.
  private static let examples = 24

  /// Gathers what there is.
  ///
  /// - Parameters:
  ///   - names: the proteins.
  ///   - codes: the protein of each cell of the atlas.
  ///   - columns: all columns, cells in the order of the atlas.
  ///   - own: the column of the protein.
  ///   - maps: the maps.
  ///   - order: the row of each cell of the atlas.
  ///   - distances: how far each cell is from the mean of its protein.
  ///   - nearest: for each layer the nearest proteins of each.
  ///   - spectra: the mean spectrum of each.
  ///   - scores: the scores of each that has some.
  init(
    names: [String], codes: [UInt16], columns: [AtlasColumn], own: Int, maps: [AtlasMap],
    order: [Int32], distances: [Float],
    nearest: [[(groups: [Int], similarities: [Float])]], spectra: [[UInt8]]?,
    scores: [String: AtlasScores.OfClass]
  ) {
    var members = [[Int32]](repeating: [], count: names.count)
    for (cell, code) in codes.enumerated() where Int(code) < names.count {
      members[Int(code)].append(Int32(cell))
    }
    let field = columns.firstIndex { $0.role == .field }
    proteins = names.indices.map { protein in
      let cells = members[protein].map(Int.init)
      let byDistance = cells.sorted { (distances[$0], $0) < (distances[$1], $1) }
      return Protein(
        name: names[protein], value: protein, count: cells.count,
        fields: field.map { Self.counts(of: columns[$0], cells).count },
        positions: maps.map { Self.mean(of: $0, cells, order) },
        nearest: nearest.map { layer in
          Nearest(
            proteins: layer[protein].groups,
            similarity: layer[protein].similarities.map { (Double($0) * 1e4).rounded() / 1e4 })
        },
        spectrum: spectra.map { AtlasFolder.base64($0[protein]) },
        majority: columns.indices.compactMap { place in
          guard place != own, place != field else { return nil }
          let counts = Self.counts(of: columns[place], cells)
          guard let most = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else {
            return nil
          }
          return Majority(
            column: place, value: Int(most.key),
            share: (Double(most.value) / Double(cells.count) * 1e4).rounded() / 1e4)
        },
        typical: Array(byDistance.prefix(Self.examples)),
        unusual: byDistance.suffix(Self.examples).reversed(), scores: scores[names[protein]])
    }
  }

  /// How many of some cells have each label; empty for a column of numbers.
  private static func counts(of column: AtlasColumn, _ cells: [Int]) -> [UInt16: Int] {
    guard case .labels(_, _, let codes) = column.values else { return [:] }
    var counts: [UInt16: Int] = [:]
    for cell in cells where codes[cell] != .max { counts[codes[cell], default: 0] += 1 }
    return counts
  }

  private static func mean(of map: AtlasMap, _ cells: [Int], _ order: [Int32]) -> [Float]? {
    guard !cells.isEmpty else { return nil }
    return (0..<map.dimensions).map { axis in
      let sum = cells.reduce(0.0) { $0 + Double(map.positions[Int(order[$1]), axis]) }
      return Float(sum / Double(cells.count))
    }
  }
}
