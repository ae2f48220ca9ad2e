import ArgumentParser
import CellCrops
import Foundation
import ImageFiles
import Numerics

/// What would be cropped, as `--dry-run` prints it.
struct CropPlan {
  private let listing: FieldListing
  private let settings: CroppedDataset.Settings

  init(_ listing: FieldListing, _ settings: CroppedDataset.Settings) {
    self.listing = listing
    self.settings = settings
  }

  /// Opens every field and prints a line for each, and what would go wrong.
  /// - Throws: The exit code that cutting them would end with, where fields cannot be used.
  func describe() throws {
    var problems = 0
    for field in listing.fields {
      do throws(ImageError) {
        print(try line(field))
      } catch {
        problems += 1
        print("\(field.stem): \(error)")
      }
    }
    let proteins = Set(listing.fields.map(\.name)).count
    let plates = Set(listing.fields.map(\.plate)).subtracting([""]).count
    print(
      "\(listing.fields.count.counted("field")), \(proteins.counted("protein")), \(plates.counted("plate")); \(problems) cannot "
        + "be used; nothing was written")
    if problems == listing.fields.count { throw ExitCode(ExitStatus.badData.rawValue) }
    if problems > 0 { throw ExitCode.failure }
  }

  private func line(_ field: FieldSource) throws(ImageError) -> String {
    let image = try FieldImage(field, pages: settings.pages)
    let names = [settings.protein, settings.nucleus] + settings.extras
    for channel in names { try image.check(channel) }
    let mask = try settings.masks.map { folder throws(ImageError) in
      try FieldMask(field, in: folder, width: image.width, height: image.height)
    }
    var words = [
      "\(field.stem): \(image.width) x \(image.height)",
      "channels \(image.channels.joined(separator: ", "))",
    ]
    if image.slices > 1 { words.append("\(image.slices) slices") }
    if image.times > 1 { words.append("\(image.times) times, of which \(settings.time) is cut") }
    words.append(
      (settings.fieldPixelSize ?? image.pixelSize).map { "pixels of \($0) um" }
        ?? "pixels of unknown size")
    words.append("protein \(field.name)")
    for (name, value) in [("plate", field.plate), ("well", field.well), ("site", field.site)]
    where !value.isEmpty {
      words.append("\(name) \(value)")
    }
    let remarks = image.remarks(reading: names, time: settings.time) + (mask?.remarks ?? [])
    words += remarks.map { "note: \($0)" }
    return words.joined(separator: "; ")
  }
}
