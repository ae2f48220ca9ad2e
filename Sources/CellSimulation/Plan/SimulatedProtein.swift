import Numerics

/// A simulated protein: where it is, and the traits that distinguish it from others of the same pattern.
public struct SimulatedProtein: Sendable, Equatable {
  /// Its place in the list of proteins, from 0; the column `protein_id` of the labels.
  public let id: Int
  /// Its name, for example `GOLGI2`.
  public let name: String
  /// An identifier where the labels have an Ensembl gene, for example `SIMG00000000012`.
  public let gene: String
  /// Where it is found.
  public let pattern: LocalizationPattern
  /// What is its own.
  public let traits: ProteinTraits

  /// The proteins of a data set: `perPattern` of each pattern, ordered by pattern.
  ///
  /// The traits of the proteins of one pattern are spread evenly over their ranges, so that any two
  /// differ in several of them.
  public static func roster(
    of patterns: [LocalizationPattern], perPattern: Int, seed: UInt64
  ) -> [SimulatedProtein] {
    var proteins: [SimulatedProtein] = []
    for pattern in patterns {
      var random = SplitMix64(seed: seed, path: [0x7072_6F74, FNV1a(pattern.name).value])
      let traits = ProteinTraits.spread(over: perPattern, using: &random)
      for (index, traits) in traits.enumerated() {
        proteins.append(
          SimulatedProtein(
            id: proteins.count, name: pattern.proteinStem + String(index + 1),
            gene: "SIMG" + proteins.count.padded(to: 11),
            pattern: pattern, traits: traits))
      }
    }
    return proteins
  }

  /// The graded annotations as the labels have them: grade 1 (faint), 2 and 3 (prominent).
  public var grades: (one: String, two: String, three: String) {
    let cytoplasm = pattern.structures.contains(.cytoplasm)
    if cytoplasm || traits.haze < 0.1 { return ("", "", pattern.annotation) }
    return traits.haze < 0.2
      ? ("cytoplasmic", "", pattern.annotation) : ("", "cytoplasmic", pattern.annotation)
  }
}

extension SimulatedProtein {
  /// A number from the name, the same whatever other proteins the data set has.
  var key: UInt64 { FNV1a(name).value }
}
