import ArrayFiles
import CellData
import Dispatch
public import Foundation
public import ImageFiles

/// Cuts fields into a data set of crops in the released layout.
///
/// The folder gets `Image_dataNN.npy`, `Label_dataNN.csv`, `fields.csv`, `plates.csv`, `manifest.json`
/// and `overlays/`. Memory is bounded by a few fields per thread; the bytes depend neither on the
/// number of threads nor on interruptions.
public struct CroppedDataset: Sendable {
  /// What happens while a data set is written.
  public enum Event: Sendable {
    /// An interrupted run is taken up; this many fields are done.
    case continued(fields: Int)
    /// Grey values of this many fields are counted, as scaling by plates needs; those that are no whole
    /// numbers of 16 bits are read three times.
    case counted(fields: Int)
    /// A field is done.
    case field(Outcome)
  }

  /// The columns of the labels: upstream's own, the cell's id, and what was measured.
  public static let labelColumns =
    DataLayout.labelColumns + [
      "field", "plate", "well", "site", "x", "y", "area", "intensity", "nuclear_protein", "focus",
      "flags", "protein_low", "protein_high", "nucleus_low", "nucleus_high",
    ]

  /// The fields, in order.
  public let fields: [FieldSource]
  /// How they are cut.
  public let settings: Settings

  /// Seconds between places from which an interrupted run can be taken up.
  static let checkpointInterval = 5.0

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
  /// A field that cannot be used does not stop the others; its outcome tells why. A run that was
  /// interrupted, by the end of the process, a full disk or an error that `progress` throws, is taken
  /// up by the next with the same fields and settings and gives the same bytes.
  ///
  /// - Parameters:
  ///   - folder: the folder to write.
  ///   - progress: called with what happens; fields come in order.
  /// - Throws: `ArrayFileError` when the folder is in use, ``ImageError`` when not one crop came
  ///   out of all fields, `ArrayFileError` when writing fails, and what `progress` throws.
  @discardableResult
  public func write(to folder: URL, progress: (Event) throws -> Void = { _ in }) throws
    -> [Outcome]
  {
    let staging = try StagedFolder(folder, continuing: true)
    let journal = try CropJournal(staging.url, of: CropJournal.Run(self))
    let writer = try CropShardWriter(
      folder: staging.url, settings: settings, from: journal.reached)
    var outcomes = journal.reached.outcomes
    do {
      if !outcomes.isEmpty { try progress(.continued(fields: outcomes.count)) }
      try cut(&outcomes, into: staging.url, writer, journal, progress)
      guard writer.count > 0 else {
        staging.discard()
        let reason = outcomes.first { $0.problem != nil }
        guard let reason, outcomes.allSatisfy({ $0.problem != nil }) else {
          throw ImageError(
            .badData, fields[0].url, "no nucleus of any field could be used",
            advice: "Look at them with --preview, and check --nucleus, --diameter and --edge")
        }
        throw ImageError(
          .badData, reason.field.url,
          "none of the \(outcomes.count) fields could be used; of this one: "
            + (reason.problem ?? ""))
      }
      try writer.finish()
      try FieldTable(outcomes).write(to: staging.url)
      try CropManifest(self, files: writer.files, count: writer.count).write(to: staging.url)
      try CropJournal.remove(from: staging.url)
      try staging.publish()
      return outcomes
    } catch {
      writer.leave()
      throw error
    }
  }

  /// Cuts the fields that are not done yet.
  private func cut(
    _ outcomes: inout [Outcome], into folder: URL, _ writer: CropShardWriter,
    _ journal: CropJournal, _ progress: (Event) throws -> Void
  ) throws {
    let overlays =
      settings.drawsOverlays
      ? folder.appending(path: "overlays", directoryHint: .isDirectory) : nil
    if let overlays {
      try FileManager.default.createDirectory(at: overlays, withIntermediateDirectories: true)
    }
    let plates =
      settings.crops.scaling == .plate
      ? try PlateRanges(of: fields, settings) { try progress(.counted(fields: $0)) } : nil
    let proteins = numbers()
    var stems = Dictionary(
      outcomes.filter { $0.problem == nil }.map { ($0.fingerprint, $0.field.stem) },
      uniquingKeysWith: { first, _ in first })
    var saved = outcomes.count
    var lastSaved = DispatchTime.now()
    func save() throws {
      var place = try writer.checkpoint()
      place.fields = outcomes.count
      place.outcomes = Array(outcomes[saved...])
      try journal.append(place)
      saved = outcomes.count
      lastSaved = DispatchTime.now()
    }
    let (fields, settings) = (fields, settings)
    do {
      try OrderedWork.run(outcomes.count..<fields.count, threads: settings.threads) { number in
        let field = fields[number]
        return FieldCut(
          field, settings, ranges: plates?[field.plate],
          overlay: overlays?.appending(path: field.stem + ".png"))
      } take: { number, cut in
        var cut = cut
        // A picture that the disk does not take is no fault of the field.
        if let failure = cut.failure, failure.kind == .inputOutput { throw failure }
        if cut.outcome.problem == nil {
          if let other = stems[cut.outcome.fingerprint] {
            cut.refuse("the field has the same picture as \(other)")
          } else {
            stems[cut.outcome.fingerprint] = cut.outcome.field.stem
          }
        }
        try cut.forEachCrop { crop in
          try writer.append(
            crop, of: cut.outcome.field, number: number,
            protein: proteins[cut.outcome.field.name] ?? 0)
        }
        outcomes.append(cut.outcome)
        let waited = DispatchTime.now().uptimeNanoseconds - lastSaved.uptimeNanoseconds
        if Double(waited) / 1e9 >= Self.checkpointInterval { try save() }
        try progress(.field(cut.outcome))
      }
    } catch {
      // What was cut so far is kept if the disk takes it; the last place stands in any case.
      try? save()
      throw error
    }
  }

  /// Cuts the first field and draws what was found, to try settings on; no data set is written.
  ///
  /// - Parameter picture: the PNG file to write.
  /// - Returns: What became of the field.
  /// - Throws: ``ImageError`` when the field cannot be used or the picture not be written.
  public func preview(to picture: URL) throws(ImageError) -> Outcome {
    let cut = FieldCut(fields[0], settings, ranges: nil, overlay: picture)
    if let failure = cut.failure { throw failure }
    return cut.outcome
  }

  /// A number for each protein, in the order of first fields.
  private func numbers() -> [String: Int] {
    var numbers: [String: Int] = [:]
    for field in fields where numbers[field.name] == nil { numbers[field.name] = numbers.count }
    return numbers
  }
}
