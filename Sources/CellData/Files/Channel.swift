/// One image channel of a data set.
public struct Channel: Sendable, Equatable, Codable {
  /// Its name: the suffix of the files in the sample layout, `pro`, `nuc`, `nucdist`, `nucmask` in
  /// the released layout, `channel0` and so on for a bare array.
  public let name: String
  /// What pixel values are multiplied by when they are read, after the scaling of integers.
  public let factor: Float

  /// The channels of the released layout, in order.
  static let releasedNames = ["pro", "nuc", "nucdist", "nucmask"]

  /// Factors that apply unless others are given: nuclear distance is in pixels, 0.01 brings it to
  /// the scale of the other channels.
  static let defaultFactors: [String: Float] = ["nucdist": 0.01]

  /// The name a file uses for a name a person might say.
  static func canonical(_ name: String) -> String {
    switch name.lowercased().replacing(" ", with: "_") {
    case "protein", "pro", "prot": "pro"
    case "nucleus", "nuclei", "nuc", "dna", "hoechst", "dapi": "nuc"
    case "nucdist", "nuclear_distance", "nucleus_distance", "distance": "nucdist"
    case "nucmask", "nuclear_mask", "nucleus_mask", "mask": "nucmask"
    default: name
    }
  }

  /// Finds channels by exact name, number, or another usual name, in this order.
  static func find(
    _ references: [String], in names: [String]
  ) throws(CellDataError) -> [Int] {
    var found: [Int] = []
    for reference in references {
      let index: Int
      if let exact = names.firstIndex(of: reference) {
        index = exact
      } else if let number = Int(reference), names.indices.contains(number) {
        index = number
      } else if let other = names.firstIndex(where: {
        canonical($0) == canonical(reference)
          || $0.lowercased() == reference.lowercased()
      }) {
        index = other
      } else {
        throw .unknownChannel(name: reference, available: names)
      }
      found.append(index)
    }
    return found
  }
}
