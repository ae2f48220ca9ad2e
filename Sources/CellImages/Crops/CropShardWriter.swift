import ArrayFiles
import Foundation

/// Writes crops and their labels into files of bounded size.
final class CropShardWriter {
  /// The files written so far, by name.
  private(set) var files: [String] = []
  /// The crops written so far.
  private(set) var count = 0

  private let folder: URL
  private let settings: CroppedDataset.Settings
  private var images: NPYWriter?
  private var labels: CSVWriter?
  private var shards = 0

  init(folder: URL, settings: CroppedDataset.Settings) {
    self.folder = folder
    self.settings = settings
  }

  func append(_ crop: CellCrop, of field: FieldSource, number: Int, protein: Int)
    throws(ArrayFileError)
  {
    if count % settings.shardSize == 0 { try open() }
    let cell = crop.cell
    try images?.append(crop.pixels)
    try labels?.append([
      field.gene, field.name, field.grades[0], field.grades[1], field.grades[2], String(protein),
      String(number), "\(field.stem)-c\(SimulationPlan.padded(Int(cell.label), 4))", field.stem,
      field.plate, field.well, "\(cell.x)", "\(cell.y)", String(cell.area), "\(cell.intensity)",
      "\(cell.nuclearProtein)", "\(cell.focus)",
      cell.flags.map(\.rawValue).joined(separator: ";"), "\(crop.proteinRange.lowerBound)",
      "\(crop.proteinRange.upperBound)", "\(crop.nucleusRange.lowerBound)",
      "\(crop.nucleusRange.upperBound)",
    ])
    count += 1
  }

  /// Completes the files that are open.
  func finish() throws(ArrayFileError) {
    try images?.finish()
    try labels?.finish()
    images = nil
    labels = nil
  }

  private func open() throws(ArrayFileError) {
    try finish()
    let number = SimulationPlan.padded(shards, 2)
    let size = settings.crops.size
    images = try NPYWriter(
      folder.appending(path: "Image_data\(number).npy"), elementType: .float32,
      itemShape: [size, size, 4])
    labels = try CSVWriter(
      folder.appending(path: "Label_data\(number).csv"), header: CroppedDataset.labelColumns)
    files += ["Image_data\(number).npy", "Label_data\(number).csv"]
    shards += 1
  }
}

/// `manifest.json` of a cropped data set: its settings, so that new data can be cut the same way.
struct CropManifest: Encodable {
  let format = "cytoself crops"
  let version = 1
  let layout = "released"
  let count: Int
  let channels = ["protein", "nucleus", "nuclear distance", "nuclear mask"]
  let nuclearDistance =
    "pixels to the edge of the nearest nucleus in the crop; negative inside, positive outside"
  let labelColumns = CroppedDataset.labelColumns
  let files: [String]
  let fields: Int
  let settings: [String: String]

  init(_ dataset: CroppedDataset, files: [String], count: Int) {
    let (own, crops, nuclei) = (
      dataset.settings, dataset.settings.crops, dataset.settings.nuclei
    )
    self.count = count
    self.files = files + ["fields.csv"]
    fields = dataset.fields.count
    let projection =
      switch own.projection {
      case .maximum: "maximum"
      case .mean: "mean"
      case .slice(let slice): "\(slice)"
      }
    settings = [
      "protein": own.protein, "nucleus": own.nucleus, "pages": own.pages.rawValue,
      "projection": projection, "masks": own.masks == nil ? "found" : "given",
      "crop_size": "\(crops.size)", "edge": crops.edge.rawValue, "scaling": crops.scaling.rawValue,
      "low_percentile": "\(crops.lowPercentile)", "high_percentile": "\(crops.highPercentile)",
      "blank_neighbors": "\(crops.blanksNeighbors)",
      "drop": crops.dropped.map(\.rawValue).sorted().joined(separator: ","),
      "diameter": "\(nuclei.diameter)", "threshold": nuclei.threshold.rawValue,
      "sensitivity": "\(nuclei.sensitivity)",
    ]
  }

  func write(to folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    try AtomicFile.write(
      Array(try encoder.encode(self)) + [0x0A], to: folder.appending(path: "manifest.json"))
  }
}
