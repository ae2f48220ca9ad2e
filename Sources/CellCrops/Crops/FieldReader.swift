import ArrayFiles
import Foundation
import ImageFiles
import Raster

/// Reads the channels of a field, resampled to the pixels that crops are to have.
struct FieldReader: Sendable {
  /// The planes of a field before its nuclei are known.
  struct Channels: Sendable {
    /// Protein, nucleus and further channels.
    let images: [GrayImage]
    /// Pixels of the file along one pixel here.
    let scale: Float
    /// Size of a pixel here in micrometres, if known.
    let pixelSize: Double?
    /// Size of the field as it is in the file.
    let original: (width: Int, height: Int)
    /// What of the field was left unread or could be meant otherwise.
    let remarks: [String]
  }

  /// Longest side of a field; its distance map counts squares in 32 bits.
  static let longestSide = 20_000

  let settings: CroppedDataset.Settings

  /// Reads the channels of a field.
  /// - Throws: ``ImageError`` when one is missing or cannot be read, sizes differ, or the size of a
  ///   pixel is needed and not known.
  func read(_ field: FieldSource) throws(ImageError) -> Channels {
    let image = try FieldImage(field, pages: settings.pages)
    guard max(image.width, image.height) <= Self.longestSide else {
      throw ImageError(
        .badData, field.url,
        "the field has \(image.width) x \(image.height) pixels; sides of up to "
          + "\(Self.longestSide) are cut", advice: "Divide it into tiles")
    }
    let own = settings.fieldPixelSize ?? image.pixelSize
    var (width, height, pixelSize) = (image.width, image.height, own)
    if let target = settings.crops.pixelSize {
      guard let own else {
        throw ImageError(
          .badData, field.url, "the file does not tell the size of its pixels",
          advice: "Give it with --field-pixel-size, or leave out --pixel-size")
      }
      let factor = own / target
      (width, height) = (Self.scaled(width, factor), Self.scaled(height, factor))
      guard (1...Self.longestSide).contains(width), (1...Self.longestSide).contains(height) else {
        throw ImageError(
          .badData, field.url,
          "its pixels are \(own) micrometres; with pixels of \(target) it would have \(width) x "
            + "\(height)", advice: "Check --pixel-size and --field-pixel-size")
      }
      pixelSize = target
    }
    var images: [GrayImage] = []
    let names = [settings.protein, settings.nucleus] + settings.extras
    for channel in names {
      let plane = try image.plane(
        channel, time: settings.time, projection: settings.projection)
      images.append(plane.resized(width: width, height: height))
    }
    return Channels(
      images: images, scale: Float(image.width) / Float(width), pixelSize: pixelSize,
      original: (image.width, image.height),
      remarks: image.remarks(reading: names, time: settings.time))
  }

  /// The diameter of a nucleus in pixels.
  /// - Throws: ``ImageError`` when it was given in micrometres and the size of a pixel is not known.
  func nuclei(_ channels: Channels, of field: FieldSource) throws(ImageError) -> NucleusSettings {
    var nuclei = settings.nuclei
    guard let micrometers = nuclei.micrometers else { return nuclei }
    guard let pixelSize = channels.pixelSize else {
      throw ImageError(
        .badData, field.url, "the file does not tell the size of its pixels",
        advice: "Give it with --field-pixel-size, or --diameter in pixels")
    }
    nuclei.diameter = Float(Double(micrometers) / pixelSize)
    return nuclei
  }

  private static func scaled(_ side: Int, _ factor: Double) -> Int {
    Int(min(max((Double(side) * factor).rounded(), 0), 1e9))
  }
}
