public import ArgumentParser
import ArrayFiles
import CellImages
import Foundation

/// `cytoself crop FIELDS... --out DIR`: microscope fields to nucleus-centred crops.
public struct CropCommand: AsyncParsableCommand {
  /// Name, summary and examples, as `cytoself crop --help` shows them.
  public static let configuration = CommandConfiguration(
    commandName: "crop",
    abstract: "Cut nucleus-centred crops from microscope fields.",
    discussion: """
      FIELDS are TIFF, OME-TIFF or ImageJ files, or folders of them, with the protein and the nuclear
      stain as channels. The data set that OUT becomes has Image_dataNN.npy with protein, nucleus,
      nuclear distance (pixels, negative inside) and nuclear mask, Label_dataNN.csv with an id,
      position, measurements and flags for every cell, fields.csv and manifest.json.

      A table (--table) with a column 'file' gives the fields their proteins: columns name, ensg,
      loc_grade1 to 3, plate, well. Without it a field's protein is the name of its file.

      A field that cannot be read does not stop the others; it is listed, and the exit code is 1.

      Example: cytoself crop fields --out cells --nucleus DAPI --protein GFP --diameter 60
      """)

  @Argument(help: "TIFF files, or folders of them.")
  var fields: [String]

  @Option(help: "The folder to make; it must not exist or be empty.")
  var out: String

  @Option(help: "The channel of the protein, by name or number from 0.")
  var protein = CroppedDataset.Settings().protein

  @Option(help: "The channel of the nuclear stain, by name or number from 0.")
  var nucleus = CroppedDataset.Settings().nucleus

  @Option(help: "What pages are in files that do not tell: automatic, channels or slices.")
  var pages = "automatic"

  @Option(help: "How slices become one plane: maximum, mean, or the number of a slice from 0.")
  var projection = "maximum"

  @Option(help: "A CSV table that names the proteins of the fields.")
  var table: String?

  @Option(help: "A folder of label masks from another tool, NAME.tif for each field.")
  var masks: String?

  @Option(help: "Diameter of a typical nucleus in pixels.")
  var diameter = NucleusSettings().diameter

  @Option(help: "How nuclei are told from background: otsu, li or local.")
  var threshold = NucleusSettings().threshold.rawValue

  @Option(help: "Factor on the threshold; smaller finds dimmer nuclei.")
  var sensitivity = NucleusSettings().sensitivity

  @Option(help: "Side of a crop in pixels.")
  var cropSize = CropSettings().size

  @Option(help: "Cells at the edge of a field: drop or pad.")
  var edge = CropSettings().edge.rawValue

  @Option(help: "Grey values are scaled by the percentiles of each crop or of each field.")
  var scaling = CropSettings().scaling.rawValue

  @Flag(help: "Set pixels nearer to another nucleus to 0.")
  var blankNeighbors = false

  @Option(help: "Leave out cells with these flags, separated by commas.")
  var drop = ""

  @Option(help: "Most crops in one file.")
  var shardSize = CroppedDataset.Settings().shardSize

  @Option(help: "Threads (default: one per core).")
  var threads: Int?

  /// An empty command, as the parser needs it.
  public init() {}

  /// Checks what can be checked before a file is opened.
  public func validate() throws {
    try require(diameter >= 3 && diameter <= 2_000, "--diameter", "between 3 and 2000")
    try require(sensitivity > 0 && sensitivity <= 10, "--sensitivity", "above 0 and up to 10")
    try require((16...1_024).contains(cropSize), "--crop-size", "between 16 and 1024")
    try require(shardSize >= 1, "--shard-size", "1 or more")
    try require((1...1_024).contains(threads ?? 1), "--threads", "between 1 and 1024")
    _ = try settings()
  }

  /// Cuts the fields.
  public func run() async throws {
    var sources = try FieldSource.list(fields.map { URL(filePath: $0) })
    if let table {
      let unmatched = try FieldSource.apply(table: URL(filePath: table), to: &sources)
      for field in unmatched {
        warn("\(table) has no row for \(field.url.lastPathComponent); its name is its protein")
      }
    }
    let dataset = CroppedDataset(sources, try settings())
    let outcomes = try dataset.write(to: URL(filePath: out, directoryHint: .isDirectory)) {
      if let problem = $0.problem { warn(problem) }
    }
    let failed = outcomes.filter { $0.problem != nil }.count
    let (nuclei, kept) = outcomes.reduce((0, 0)) { ($0.0 + $1.nuclei, $0.1 + $1.kept) }
    print(
      "\(kept) crops of \(nuclei) nuclei from \(outcomes.count - failed) fields written to \(out)")
    for flag in CropFlag.allCases {
      let count = outcomes.reduce(0) { $0 + ($1.flags[flag] ?? 0) }
      if count > 0 { print("  \(flag.rawValue): \(count)") }
    }
    if failed > 0 {
      warn("\(failed) of \(outcomes.count) fields could not be used; they are listed in fields.csv")
      throw ExitCode.failure
    }
  }

  private func settings() throws -> CroppedDataset.Settings {
    var settings = CroppedDataset.Settings()
    settings.protein = protein
    settings.nucleus = nucleus
    settings.pages = try choice("--pages", pages)
    switch projection {
    case "maximum": settings.projection = .maximum
    case "mean": settings.projection = .mean
    default:
      guard let slice = Int(projection), slice >= 0 else {
        throw ValidationError(
          "--projection is '\(projection)', but must be maximum, mean or the number of a slice.")
      }
      settings.projection = .slice(slice)
    }
    settings.masks = masks.map { URL(filePath: $0, directoryHint: .isDirectory) }
    settings.nuclei = NucleusSettings(
      diameter: diameter, threshold: try choice("--threshold", threshold),
      sensitivity: sensitivity)
    settings.crops = CropSettings(
      size: cropSize, edge: try choice("--edge", edge),
      scaling: try choice("--scaling", scaling), blanksNeighbors: blankNeighbors,
      dropped: Set(try drop.split(separator: ",").map { try choice("--drop", String($0)) }))
    settings.shardSize = shardSize
    if let threads { settings.threads = threads }
    return settings
  }

  private func choice<Value: RawRepresentable<String> & CaseIterable>(
    _ option: String, _ text: String
  ) throws -> Value {
    guard let value = Value(rawValue: text) else {
      let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("\(option) is '\(text)', but must be one of \(known).")
    }
    return value
  }

  private func require(_ condition: Bool, _ option: String, _ allowed: String) throws {
    guard condition else { throw ValidationError("\(option) must be \(allowed).") }
  }

  private func warn(_ message: String) {
    try? FileHandle.standardError.write(contentsOf: Data("warning: \(message)\n".utf8))
  }
}
