import ArgumentParser
import CellCrops
import Foundation
import ImageFiles

/// How fields are cut, as options; what is not given is taken from another data set or the default.
struct CropOptions: ParsableArguments {
  @Option(help: "Cut as this data set was: the folder of crops whose settings are taken.")
  var settingsFrom: String?

  @Option(help: "The channel of the protein, by name or number from 0 (default: 0).")
  var protein: String?

  @Option(help: "The channel of the nuclear stain, by name or number from 0 (default: 1).")
  var nucleus: String?

  @Option(help: "A further channel for the crops; may be given several times.")
  var extra: [String] = []

  @Option(
    help: "Meaning of pages in files without such metadata: automatic, channels or slices.")
  var pages: String?

  @Option(
    help: "How slices become one plane: maximum (default), mean, or the number of a slice from 0.")
  var projection: String?

  @Option(help: "The time point, from 0 (default: 0).")
  var time: Int?

  @Option(help: "Micrometres of a field's pixel, overriding the files' metadata.")
  var fieldPixelSize: Double?

  @Option(
    help: "Diameter of a typical nucleus in pixels, or in micrometres as '12um' (default: 45).")
  var diameter: String?

  @Option(help: "How nuclei are separated from background: otsu (default), li or local.")
  var threshold: String?

  @Option(help: "Factor on the threshold; smaller finds dimmer nuclei (default: 0.8).")
  var sensitivity: Float?

  @Option(help: "Smallest nucleus, as a share of a disc of the diameter (default: 0.15).")
  var smallest: Float?

  @Option(help: "Largest nucleus, as a share of a disc of the diameter (default: 4).")
  var largest: Float?

  @Option(
    help: "A folder of label masks from another tool, one for each field: NAME.tif, .png or .npy.")
  var masks: String?

  @Option(help: "A folder of true masks that the nuclei are compared with.")
  var referenceMasks: String?

  @Option(help: "Side of a crop in pixels (default: 100).")
  var cropSize: Int?

  @Option(help: "Micrometres of a crop's pixel; fields are resampled (default: as they are).")
  var pixelSize: Double?

  @Option(help: "Cells at the edge of a field: drop (default) or pad.")
  var edge: String?

  @Option(
    help: "Grey values are scaled by the percentiles of each crop (default), field or plate.")
  var scaling: String?

  @Option(
    help: "The percentiles that become 0 and 1 (default: 0.5,99.97); 0,100 for smallest, largest.")
  var percentiles: String?

  @Flag(inversion: .prefixedNo, help: "Set pixels nearer to another nucleus to 0.")
  var blankNeighbors: Bool?

  @Option(
    help: ArgumentHelp(
      "Leave out cells with these flags, separated by commas: "
        + CropFlag.allCases.map(\.rawValue).joined(separator: ", ") + "."))
  var drop: String?

  @Option(help: "Most crops in one file (default: 10000).")
  var shardSize: Int?

  @Flag(inversion: .prefixedNo, help: "Draw what was found in each field (default: drawn).")
  var overlays: Bool?

  @Option(help: "Threads (default: one per core).")
  var threads: Int?

  /// The settings from the options.
  func settings() throws -> CroppedDataset.Settings {
    var settings = CroppedDataset.Settings()
    if let settingsFrom {
      settings = try .init(of: URL(filePath: settingsFrom, directoryHint: .isDirectory))
      guard !settings.usesMasks || masks != nil else {
        throw ValidationError(
          "\(settingsFrom) was cut with label masks; give those of the new fields with --masks.")
      }
    }
    settings.masks = masks.map { URL(filePath: $0, directoryHint: .isDirectory) }
    settings.referenceMasks = referenceMasks.map {
      URL(filePath: $0, directoryHint: .isDirectory)
    }
    try setChannels(&settings)
    try setNuclei(&settings.nuclei)
    try setCrops(&settings.crops)
    settings.shardSize = shardSize ?? settings.shardSize
    settings.drawsOverlays = overlays ?? settings.drawsOverlays
    settings.threads = threads ?? settings.threads
    try require(settings.shardSize >= 1, "--shard-size", "1 or more")
    try require((1...1_024).contains(settings.threads), "--threads", "between 1 and 1024")
    return settings
  }

  private func setChannels(_ settings: inout CroppedDataset.Settings) throws {
    settings.protein = protein ?? settings.protein
    settings.nucleus = nucleus ?? settings.nucleus
    if !extra.isEmpty { settings.extras = extra }
    try require(Set(settings.extras).count == settings.extras.count, "--extra", "given once each")
    settings.pages = try choice("--pages", pages) ?? settings.pages
    if let projection {
      guard let known = ImageStack.Projection(rawValue: projection) else {
        throw ValidationError(
          "--projection is '\(projection)', but must be maximum, mean or the number of a slice.")
      }
      settings.projection = known
    }
    settings.time = time ?? settings.time
    try require(settings.time >= 0, "--time", "0 or more")
    settings.fieldPixelSize = fieldPixelSize ?? settings.fieldPixelSize
    try require(isLength(settings.fieldPixelSize), "--field-pixel-size", "between 0.001 and 1000")
  }

  private func setNuclei(_ nuclei: inout NucleusSettings) throws {
    if let diameter {
      let isMicrometers = diameter.hasSuffix("um")
      guard let number = Float(isMicrometers ? String(diameter.dropLast(2)) : diameter) else {
        throw ValidationError(
          "--diameter is '\(diameter)', but must be a number of pixels, or of micrometres as 12um.")
      }
      if isMicrometers {
        try require(number > 0 && number <= 1_000, "--diameter", "up to 1000um")
        nuclei.micrometers = number
      } else {
        try require(number >= 3 && number <= 2_000, "--diameter", "between 3 and 2000")
        (nuclei.diameter, nuclei.micrometers) = (number, nil)
      }
    }
    nuclei.threshold = try choice("--threshold", threshold) ?? nuclei.threshold
    nuclei.sensitivity = sensitivity ?? nuclei.sensitivity
    nuclei.smallest = smallest ?? nuclei.smallest
    nuclei.largest = largest ?? nuclei.largest
    try require(
      nuclei.sensitivity > 0 && nuclei.sensitivity <= 10, "--sensitivity", "above 0 and up to 10")
    try require(
      nuclei.smallest >= 0 && nuclei.largest > nuclei.smallest, "--smallest and --largest",
      "0 or more, the largest above the smallest")
  }

  private func setCrops(_ crops: inout CropSettings) throws {
    crops.size = cropSize ?? crops.size
    crops.pixelSize = pixelSize ?? crops.pixelSize
    crops.edge = try choice("--edge", edge) ?? crops.edge
    crops.scaling = try choice("--scaling", scaling) ?? crops.scaling
    crops.blanksNeighbors = blankNeighbors ?? crops.blanksNeighbors
    if let drop {
      crops.dropped = Set(
        try drop.split(separator: ",").compactMap { try choice("--drop", String($0)) })
    }
    if let percentiles {
      let numbers = percentiles.split(separator: ",").compactMap { Float($0) }
      try require(
        numbers.count == 2 && numbers[0] >= 0 && numbers[0] < numbers[1] && numbers[1] <= 100,
        "--percentiles", "two numbers from 0 to 100, the lower first, as in 0.5,99.97")
      (crops.lowPercentile, crops.highPercentile) = (numbers[0], numbers[1])
    }
    try require((16...1_024).contains(crops.size), "--crop-size", "between 16 and 1024")
    try require(isLength(crops.pixelSize), "--pixel-size", "between 0.001 and 1000")
  }

  private func isLength(_ micrometers: Double?) -> Bool {
    micrometers.map { $0 >= 0.001 && $0 <= 1_000 } ?? true
  }

  private func choice<Value: RawRepresentable<String> & CaseIterable>(
    _ option: String, _ text: String?
  ) throws -> Value? {
    guard let text else { return nil }
    guard let value = Value(rawValue: text) else {
      let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("\(option) is '\(text)', but must be one of \(known).")
    }
    return value
  }

  private func require(_ condition: Bool, _ option: String, _ allowed: String) throws {
    guard condition else { throw ValidationError("\(option) must be \(allowed).") }
  }
}
