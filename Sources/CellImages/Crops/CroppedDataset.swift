import ArrayFiles
import Dispatch
public import Foundation

/// Cuts a folder of fields into a data set of crops in the released layout.
///
/// The folder gets `Image_dataNN.npy`, `Label_dataNN.csv`, `fields.csv` and `manifest.json`. Memory is
/// bounded by one field per thread; the bytes do not depend on the number of threads.
public struct CroppedDataset: Sendable {
  /// How a data set is made from fields.
  public struct Settings: Sendable, Equatable {
    /// The channel of the tagged protein, by name or number from 0.
    public var protein = "0"
    /// The channel of the nuclear stain, by name or number from 0.
    public var nucleus = "1"
    /// What pages are in files that do not tell.
    public var pages = ImageStack.Pages.automatic
    /// How slices become one plane.
    public var projection = ImageStack.Projection.maximum
    /// The folder of label masks, `STEM.tif` for each field; nil to find nuclei.
    public var masks: URL?
    /// How nuclei are found.
    public var nuclei = NucleusSettings()
    /// How crops are cut.
    public var crops = CropSettings()
    /// Most crops in one file, 1 or more.
    public var shardSize = 10_000
    /// Threads, 1 or more.
    public var threads = ProcessInfo.processInfo.activeProcessorCount

    /// The settings that suit fields of two channels, protein and nucleus.
    public init() {}
  }

  /// What became of a field.
  public struct Outcome: Sendable, Equatable {
    /// The field.
    public let field: FieldSource
    /// Nuclei found.
    public var nuclei = 0
    /// Crops written.
    public var kept = 0
    /// Nuclei with each flag.
    public var flags: [CropFlag: Int] = [:]
    /// What was wrong with it, or nil.
    public var problem: String?
  }

  /// The columns of the labels: upstream's own, the cell's id, and what was measured.
  public static let labelColumns =
    DatasetLayout.labelColumns + [
      "field", "plate", "well", "x", "y", "area", "intensity", "nuclear_protein", "focus", "flags",
      "protein_low", "protein_high", "nucleus_low", "nucleus_high",
    ]

  /// The fields, in order.
  public let fields: [FieldSource]
  /// How they are cut.
  public let settings: Settings

  /// A data set of fields; there must be one at least.
  public init(_ fields: [FieldSource], _ settings: Settings = Settings()) {
    precondition(!fields.isEmpty, "A data set needs a field.")
    precondition(
      settings.shardSize > 0 && settings.threads > 0 && settings.crops.size > 0,
      "Shards, threads and crops need a size above 0.")
    self.fields = fields
    self.settings = settings
  }

  /// Writes the data set into `folder`, which must not exist or be empty; it appears when complete.
  ///
  /// A field that cannot be used does not stop the others; its outcome tells why.
  ///
  /// - Parameter progress: Called with the outcome of each field, in order.
  /// - Parameter folder: the folder to write.
  /// - Throws: ``SimulationError`` when the folder is in use, ``ImageError`` when not one crop came
  ///   out of all fields, `ArrayFileError` when writing fails; nothing is left behind then.
  @discardableResult
  public func write(to folder: URL, progress: (Outcome) -> Void = { _ in }) throws -> [Outcome] {
    let staging = try StagedFolder(folder)
    do {
      let writer = CropShardWriter(folder: staging.url, settings: settings)
      var outcomes: [Outcome] = []
      let proteins = numbers()
      for start in stride(from: 0, to: fields.count, by: settings.threads) {
        let run = min(settings.threads, fields.count - start)
        let results = CutFields(count: run)
        DispatchQueue.concurrentPerform(iterations: run) { worker in
          results.set(worker, cut(fields[start + worker]))
        }
        for worker in 0..<run {
          let result = results.get(worker)
          for crop in result.crops {
            try writer.append(
              crop, of: result.outcome.field, number: start + worker,
              protein: proteins[result.outcome.field.name] ?? 0)
          }
          outcomes.append(result.outcome)
          progress(result.outcome)
        }
      }
      guard writer.count > 0 else {
        let reason = outcomes.lazy.compactMap(\.problem).first
        throw ImageError(
          .badData, fields[0].url, reason ?? "no nucleus of any field could be used",
          advice: "Check --nucleus, --diameter and --edge")
      }
      try writer.finish()
      try writeTable(outcomes, to: staging.url)
      try CropManifest(self, files: writer.files, count: writer.count).write(to: staging.url)
      try staging.publish()
      return outcomes
    } catch {
      staging.discard()
      throw error
    }
  }

  /// A number for each protein, in the order of first fields.
  private func numbers() -> [String: Int] {
    var numbers: [String: Int] = [:]
    for field in fields where numbers[field.name] == nil { numbers[field.name] = numbers.count }
    return numbers
  }

  private func cut(_ field: FieldSource) -> CutFields.Result {
    var outcome = Outcome(field: field)
    var crops: [CellCrop] = []
    do throws(ImageError) {
      let stack = try ImageStack(field.url, pages: settings.pages)
      let protein = try stack.plane(
        channel: try stack.channel(settings.protein), projection: settings.projection)
      let nucleus = try stack.plane(
        channel: try stack.channel(settings.nucleus), projection: settings.projection)
      let labels = try settings.masks.map { folder throws(ImageError) in
        try mask(of: field, in: folder, like: nucleus)
      }
      let found = labels ?? NucleusFinder(settings.nuclei).find(in: nucleus)
      let cropper = FieldCropper(settings.crops)
      let cells = cropper.measure(protein: protein, nucleus: nucleus, labels: found)
      outcome.nuclei = cells.count
      for flag in cells.flatMap(\.flags) { outcome.flags[flag, default: 0] += 1 }
      let kept = cells.filter { cropper.keeps($0) }
      outcome.kept = kept.count
      cropper.crops(of: kept, protein: protein, nucleus: nucleus, labels: found) {
        crops.append($0)
      }
    } catch {
      outcome.problem = error.description
    }
    return CutFields.Result(outcome: outcome, crops: crops)
  }

  private func mask(of field: FieldSource, in folder: URL, like image: GrayImage)
    throws(ImageError) -> LabelMask
  {
    let url = folder.appending(path: field.stem + ".tif")
    let mask = try TIFFReader(url).read(page: 0)
    guard mask.width == image.width, mask.height == image.height else {
      throw ImageError(
        .badData, url,
        "the mask has \(mask.width) x \(mask.height) pixels, the field \(image.width) x "
          + "\(image.height)", advice: "Use the mask of this field")
    }
    guard mask.pixels.allSatisfy({ $0 >= 0 && $0 < 16_777_216 && $0 == $0.rounded() }) else {
      throw ImageError(
        .badData, url, "labels of a mask are whole numbers from 0 to 16,777,215",
        advice: "Save it as 8, 16 or 32 bit integers")
    }
    return LabelMask(
      width: mask.width, height: mask.height, labels: mask.pixels.map { Int32($0) })
  }

  private func writeTable(_ outcomes: [Outcome], to folder: URL) throws(ArrayFileError) {
    let table = try CSVWriter(
      folder.appending(path: "fields.csv"),
      header: ["FOV_id", "file", "name", "nuclei", "kept"] + CropFlag.allCases.map(\.rawValue)
        + ["problem"])
    for (number, outcome) in outcomes.enumerated() {
      try table.append(
        [
          String(number), outcome.field.url.lastPathComponent, outcome.field.name,
          String(outcome.nuclei), String(outcome.kept),
        ] + CropFlag.allCases.map { String(outcome.flags[$0] ?? 0) } + [outcome.problem ?? ""])
    }
    try table.finish()
  }
}

/// The crops of fields cut on several threads, each in a place of its own.
final class CutFields: @unchecked Sendable {
  struct Result {
    let outcome: CroppedDataset.Outcome
    let crops: [CellCrop]
  }

  private let results: UnsafeMutablePointer<Result?>
  private let count: Int

  init(count: Int) {
    self.count = count
    results = .allocate(capacity: count)
    results.initialize(repeating: nil, count: count)
  }

  deinit {
    results.deinitialize(count: count)
    results.deallocate()
  }

  func set(_ index: Int, _ result: Result) { results[index] = result }

  func get(_ index: Int) -> Result {
    guard let result = results[index] else { preconditionFailure("Each field is cut.") }
    results[index] = nil
    return result
  }
}
