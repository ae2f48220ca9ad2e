import ArrayFiles
import Foundation
import Numerics

/// Writes crops and their labels into files of bounded size, and takes them up again.
final class CropShardWriter {
  /// The crops written so far.
  private(set) var count: Int

  private let folder: URL
  private let settings: CroppedDataset.Settings
  private let columns: [String]
  private var images: NPYWriter?
  private var labels: CSVWriter?
  private var shards: Int
  private var rows: Int

  /// A writer into a folder.
  ///
  /// - Parameters:
  ///   - folder: where the files are.
  ///   - settings: the size of crops and files.
  ///   - place: where an earlier run stopped; the start for a new one.
  /// - Throws: `ArrayFileError` when the files are not as that run left them.
  init(
    folder: URL, settings: CroppedDataset.Settings, from place: CropJournal.Checkpoint
  ) throws(ArrayFileError) {
    self.folder = folder
    self.settings = settings
    columns =
      CroppedDataset.labelColumns + settings.extras.flatMap { ["\($0)_low", "\($0)_high"] }
    (count, shards, rows) = (place.crops, place.shards, place.rows)
    guard rows > 0 else { return }
    let urls = urls(shards - 1)
    images = try NPYWriter(
      urls.images, elementType: .float32, itemShape: itemShape, continuingAt: rows)
    labels = try CSVWriter(
      urls.labels, columnCount: columns.count, continuingAt: place.labelBytes)
  }

  /// The names of the files.
  var files: [String] {
    (0..<shards).flatMap { shard in
      let urls = urls(shard)
      return [urls.images.lastPathComponent, urls.labels.lastPathComponent]
    }
  }

  func append(_ crop: CellCrop, of field: FieldSource, number: Int, protein: Int)
    throws(ArrayFileError)
  {
    if images == nil || rows == settings.shardSize { try open() }
    let cell = crop.cell
    try images?.append(crop.pixels)
    let values = [
      field.gene, field.name, field.grades[0], field.grades[1], field.grades[2], String(protein),
      String(number), "\(field.stem)-c\(Int(cell.label).padded(to: 4))", field.stem,
      field.plate, field.well, field.site, "\(cell.x)", "\(cell.y)", String(cell.area),
      "\(cell.intensity)", "\(cell.nuclearProtein)", "\(cell.focus)",
      cell.flags.map(\.rawValue).joined(separator: ";"),
    ]
    let ranges = zip(crop.ranges, crop.origins).flatMap { range, origin in
      [range.lowerBound, range.upperBound].map {
        // Single precision prints shorter, and is all there is without an origin.
        origin == 0 ? "\($0)" : "\(Double($0) + origin)"
      }
    }
    try labels?.append(values + ranges)
    count += 1
    rows += 1
  }

  /// Syncs what is written; the place from which it can be taken up.
  func checkpoint() throws(ArrayFileError) -> CropJournal.Checkpoint {
    if rows == settings.shardSize { try finish() }
    var place = CropJournal.Checkpoint()
    (place.crops, place.shards) = (count, shards)
    if let images, let labels {
      place.rows = try images.checkpoint()
      place.labelBytes = try labels.checkpoint()
    }
    return place
  }

  /// Completes the files that are open.
  func finish() throws(ArrayFileError) {
    try images?.finish()
    try labels?.finish()
    (images, labels, rows) = (nil, nil, 0)
  }

  /// Leaves unfinished files for a later run.
  func leave() {
    images?.leave()
    labels?.leave()
  }

  private var itemShape: [Int] {
    [settings.crops.size, settings.crops.size, 4 + settings.extras.count]
  }

  private func urls(_ shard: Int) -> (images: URL, labels: URL) {
    let number = shard.padded(to: 2)
    return (
      folder.appending(path: "Image_data\(number).npy"),
      folder.appending(path: "Label_data\(number).csv")
    )
  }

  private func open() throws(ArrayFileError) {
    try finish()
    let urls = urls(shards)
    images = try NPYWriter(urls.images, elementType: .float32, itemShape: itemShape)
    labels = try CSVWriter(urls.labels, header: columns)
    shards += 1
  }
}
