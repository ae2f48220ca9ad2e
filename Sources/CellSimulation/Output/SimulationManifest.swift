import ArrayFiles
import CellData
import Foundation

/// `manifest.json` of a simulated data set: what it is, how it was made, what its files hold.
struct SimulationManifest: Encodable {
  struct Settings: Encodable {
    let patterns: [String]
    let proteinsPerPattern: Int
    let fields: Int
    let cells: Int
    let cropSize: Int
    let pixelSizeMicrometers: Float
    let seed: UInt64
  }

  struct Protein: Encodable {
    let id: Int
    let name: String
    let gene: String
    let pattern: String
    let traits: [String: Float]
  }

  let format = "cytoself simulated cells"
  let version = 1
  let layout: String
  let count: Int
  let channels = ["protein", "nucleus", "nuclear distance", "nuclear mask"]
  let nuclearDistance =
    "pixels to the edge of the nearest nucleus in the crop; negative inside, positive outside"
  let labelColumns = DataLayout.labelColumns
  let files: [String]
  let settings: Settings
  let proteins: [Protein]

  init(_ dataset: SimulatedDataset, imageFiles: [String]) {
    let plan = dataset.plan
    layout = dataset.layout.rawValue
    count = plan.count
    files = imageFiles + ["ground_truth.csv"]
    settings = Settings(
      patterns: plan.settings.patterns.map(\.name),
      proteinsPerPattern: plan.settings.proteinsPerPattern, fields: plan.settings.fields,
      cells: plan.settings.cells, cropSize: plan.settings.cropSize,
      pixelSizeMicrometers: plan.settings.pixelSize, seed: plan.settings.seed)
    proteins = plan.proteins.map { protein in
      Protein(
        id: protein.id, name: protein.name, gene: protein.gene, pattern: protein.pattern.name,
        traits: Dictionary(
          uniqueKeysWithValues: zip(ProteinTraits.names, protein.traits.values)))
    }
  }

  func write(to folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let data = try encoder.encode(self)
    try AtomicFile.write(Array(data) + [0x0A], to: folder.appending(path: "manifest.json"))
  }
}
