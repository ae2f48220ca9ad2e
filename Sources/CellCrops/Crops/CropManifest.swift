import ArrayFiles
import Foundation
import ImageFiles

/// `manifest.json` of a cropped data set: what its files hold, and the settings, so that new data can
/// be cut the same way.
struct CropManifest: Codable {
  var format = Self.format
  var version = 2
  var layout = "released"
  let count: Int
  let channels: [String]
  var nuclearDistance =
    "pixels to the edge of the nearest nucleus in the crop; negative inside, positive outside"
  let labelColumns: [String]
  let files: [String]
  let fields: Int
  let settings: CroppedDataset.Settings

  private static let format = "cytoself crops"

  init(_ dataset: CroppedDataset, files: [String], count: Int) {
    self.count = count
    self.files = files + ["fields.csv", "plates.csv"]
    fields = dataset.fields.count
    settings = dataset.settings
    channels =
      ["protein", "nucleus", "nuclear distance", "nuclear mask"] + dataset.settings.extras
    labelColumns =
      CroppedDataset.labelColumns
      + dataset.settings.extras.flatMap { ["\($0)_low", "\($0)_high"] }
  }

  func write(to folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    try AtomicFile.write(
      Array(try encoder.encode(self)) + [0x0A], to: folder.appending(path: "manifest.json"))
  }

  /// Reads the manifest of a data set.
  /// - Throws: ``ImageError`` when there is none, or it is not of crops.
  init(of dataset: URL) throws(ImageError) {
    let url = dataset.appending(path: "manifest.json")
    guard let data = try? Data(contentsOf: url) else {
      throw ImageError(
        .missingInput, url, "there is no manifest",
        advice: "Name the folder of a data set that `cytoself crop` wrote")
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let manifest = try? decoder.decode(Self.self, from: data), manifest.format == Self.format
    else {
      throw ImageError(
        .badData, url, "this is not the manifest of crops, or of another version",
        advice: "Name the folder of a data set that this version's `cytoself crop` wrote")
    }
    self = manifest
  }
}
