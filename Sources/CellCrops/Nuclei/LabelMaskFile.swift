import ArrayFiles
import Foundation
import ImageFiles
import Raster

/// Label masks of other tools: a TIFF, PNG or npy file for each field, 0 for background.
enum LabelMaskFile {
  /// What may stand between a field's name and the ending, by the habits of the tools.
  private static let suffixes = [
    "", "_cp_masks", "_masks", "_mask", "_labels", "_label", "_nuclei",
  ]
  private static let endings = [".tif", ".tiff", ".png", ".npy"]

  /// Reads the mask of a field.
  ///
  /// - Parameters:
  ///   - field: the field; the mask is called after it, or after one of its files.
  ///   - folder: where the masks are.
  ///   - width: the field's columns.
  ///   - height: the field's rows.
  /// - Throws: ``ImageError`` when there is none, it is of another size, or it holds no labels.
  static func read(_ field: FieldSource, in folder: URL, width: Int, height: Int)
    throws(ImageError) -> LabelMask
  {
    let url = try find(field, in: folder)
    let file = try ImageFormat.open(url, acceptsPalette: true)
    let mask = try file.read(page: 0, sample: 0)
    guard mask.width == width, mask.height == height else {
      throw ImageError(
        .badData, url,
        "the mask has \(mask.width) x \(mask.height) pixels, the field \(width) x \(height)",
        advice: "Use the mask of this field")
    }
    // Single precision holds whole numbers below 2^24.
    guard mask.pixels.allSatisfy({ $0 >= 0 && $0 < 16_777_216 && $0 == $0.rounded() }) else {
      throw ImageError(
        .badData, url, "labels of a mask are whole numbers from 0 to 16,777,215",
        advice: "Save it as 8, 16 or 32 bit integers")
    }
    return LabelMask(width: width, height: height, labels: mask.pixels.map { Int32($0) })
  }

  private static func find(_ field: FieldSource, in folder: URL) throws(ImageError) -> URL {
    let stems =
      [field.stem] + field.parts.map { FieldSource.stem($0.url.lastPathComponent) }
    for stem in stems {
      for suffix in suffixes {
        for ending in endings {
          let url = folder.appending(path: stem + suffix + ending)
          if FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) { return url }
        }
      }
    }
    throw ImageError(
      .missingInput, folder, "there is no mask of field \(field.stem)",
      advice: "Call it \(field.stem).tif, .png or .npy")
  }
}
