import ArrayFiles
import Foundation
import ImageFiles
import Raster

/// Label masks of other tools: a TIFF, PNG or npy file for each field, 0 for background.
///
/// Labels are taken as they are stored: never scaled, never inverted, and in another size each pixel has
/// the label nearest to it.
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
  /// - Returns: The mask, and what a person should know about it.
  /// - Throws: ``ImageError`` when there is none, it is of another size, or it holds no labels.
  static func read(_ field: FieldSource, in folder: URL, width: Int, height: Int)
    throws(ImageError) -> (mask: LabelMask, remarks: [String])
  {
    let (url, others) = try find(field, in: folder)
    let file = try ImageFormat.open(url, acceptsPalette: true)
    let whole = try file.wholePages()
    guard whole.pages.count == 1 else {
      throw ImageError(
        .badData, url, "the mask has \(whole.pages.count) planes, and a field's mask is one",
        advice: "Save the plane that fits the field, or the largest label along each line of sight")
    }
    let shape = whole.shape
    guard !shape.isLossy else {
      throw ImageError(
        .badData, url, "the mask is compressed as JPEG, which changes the numbers of labels",
        advice: "Save it again from its source, with deflate or without compression")
    }
    guard shape.width == width, shape.height == height else {
      throw ImageError(
        .badData, url,
        "the mask has \(shape.width) x \(shape.height) pixels, the field \(width) x \(height)",
        advice: "Use the mask of this field")
    }
    let labels = try file.labels(page: whole.pages[0], sample: 0)
    // Opacity is no colour.
    let colors = shape.samples == 2 || shape.samples == 4 ? shape.samples - 1 : shape.samples
    for sample in 1..<max(1, colors) {
      guard try file.labels(page: whole.pages[0], sample: sample) == labels else {
        throw ImageError(
          .badData, url,
          "the mask is a picture in colours, and labels are one number for each pixel",
          advice: "Save the labels themselves, as 16 bit grey")
      }
    }
    let found = try MaskLabels(LabelMask(width: width, height: height, labels: labels), of: url)
    var remarks = found.remarks
    if let remark = whole.remark { remarks.append("of the mask, \(remark)") }
    if !others.isEmpty {
      remarks.append(
        "\(url.lastPathComponent) is the mask; \(others.joined(separator: ", ")) could be it too")
    }
    return (found.mask, remarks)
  }

  /// The file of a field's mask, and the names of others that could be it.
  private static func find(_ field: FieldSource, in folder: URL)
    throws(ImageError) -> (URL, others: [String])
  {
    let stems =
      [field.stem] + field.parts.map { FieldSource.stem($0.url.lastPathComponent) }
    var found: [URL] = []
    for stem in stems {
      for suffix in suffixes {
        for ending in endings {
          let url = folder.appending(path: stem + suffix + ending)
          if !found.contains(url), FileFacts(url) != nil { found.append(url) }
        }
      }
    }
    if let first = found.first { return (first, found.dropFirst().map(\.lastPathComponent)) }
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)))
      ?? []
    let near = names.sorted().filter { name in
      stems.contains { name.hasPrefix($0 + ".") || name.hasPrefix($0 + "_") }
    }
    var advice = "Call it \(field.stem).tif, .png or .npy"
    if let other = near.first {
      advice =
        other.hasSuffix("_seg.npy")
        ? "\(other) is a file of Cellpose's own: save its masks as PNG or TIFF"
        : "\(other) is not read as one: save it as \(field.stem).tif, .png or .npy"
    }
    throw ImageError(
      .missingInput, folder, "there is no mask of field \(field.stem)", advice: advice)
  }
}
