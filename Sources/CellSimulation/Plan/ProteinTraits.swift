import Foundation
import Numerics

/// What is systematic about one protein, the same in all its cells.
public struct ProteinTraits: Sendable, Equatable {
  /// Size of its granules, tubes or speckles, from 0 (fine) to 1 (coarse).
  public var size: Float
  /// How many of them there are, from 0 (few) to 1 (many).
  public var density: Float
  /// How far they reach, from 0 (close to the nucleus, or compact) to 1 (to the edge, or loose).
  public var spread: Float
  /// How uneven its intensity is, from 0 (smooth) to 1 (patchy).
  public var roughness: Float
  /// Its diffuse pool in the cytoplasm, as a share of the structure's brightness, 0 to 0.24.
  public var haze: Float
  /// Intensity of the diffuse pool in the nucleus over that in the cytoplasm, 0.2 to 1.4.
  public var nuclearRatio: Float
  /// In a mixture, the strength of the second structure beside the first, 0.35 to 0.9.
  public var balance: Float
  /// Photons at full brightness, 120 to 700: a faint protein is a noisy one.
  public var photons: Float

  /// The names of the traits, in the order of ``values``.
  public static let names = [
    "size", "density", "spread", "roughness", "haze", "nuclear_ratio", "balance", "photons",
  ]

  /// The traits in the order of ``names``.
  public var values: [Float] {
    [size, density, spread, roughness, haze, nuclearRatio, balance, photons]
  }

  /// Traits of `count` proteins, each trait evenly spread and shuffled by itself.
  static func spread(over count: Int, using random: inout SplitMix64) -> [ProteinTraits] {
    var columns: [[Float]] = []
    for _ in names {
      var column = (0..<count).map { (Float($0) + random.uniform(0.25, 0.75)) / Float(count) }
      column.shuffle(using: &random)
      columns.append(column)
    }
    return (0..<count).map { index in
      ProteinTraits(
        size: columns[0][index], density: columns[1][index], spread: columns[2][index],
        roughness: columns[3][index], haze: 0.24 * columns[4][index] * columns[4][index],
        nuclearRatio: 0.2 + 1.2 * columns[5][index], balance: 0.35 + 0.55 * columns[6][index],
        photons: 120 * Float(pow(Double(700.0 / 120), Double(columns[7][index]))))
    }
  }
}
