import ArrayFiles
import Foundation
import Raster

/// Reads the planes of an npy array.
///
/// Its shape is `[height, width]`, `[channel, height, width]`, or `[height, width, channel]` with at most
/// four channels. Axes of one element do not count.
final class NPYPages: PageFile {
  let url: URL
  let pageCount: Int
  let text: String? = nil
  let resolution = 0.0
  private let file: NPYFile
  private let size: PageShape

  /// Opens a file and checks its shape.
  /// - Throws: ``ImageError`` of kind `badData` when it holds no planes.
  init(_ url: URL) throws(ImageError) {
    self.url = url
    do throws(ArrayFileError) { file = try NPYFile(url) } catch { throw ImageError(error) }
    // The rows of the picture are the innermost long axes; what is one element long holds nothing.
    var shape = file.shape
    while shape.count > 2, let single = shape.firstIndex(of: 1) { shape.remove(at: single) }
    guard (2...3).contains(shape.count), file.count > 0 else {
      throw ImageError(
        .badData, url, "the array has the shape \(file.shape)",
        advice: "Save it as [height, width] or [channel, height, width]")
    }
    if shape.count == 2 {
      (pageCount, size) = (1, PageShape(width: shape[1], height: shape[0], samples: 1))
    } else if shape[2] <= 4, shape[0] > 4 {
      (pageCount, size) = (1, PageShape(width: shape[1], height: shape[0], samples: shape[2]))
    } else {
      (pageCount, size) = (shape[0], PageShape(width: shape[2], height: shape[1], samples: 1))
    }
  }

  var remarks: [String] { [] }

  func shape(of page: Int) throws(ImageError) -> PageShape { size }

  func read(page: Int, sample: Int) throws(ImageError) -> GrayImage {
    try withSamples(page, sample) { samples throws(ImageError) in
      try samples.image(of: url, page: page)
    }
  }

  func labels(page: Int, sample: Int) throws(ImageError) -> [Int32] {
    try withSamples(page, sample) { samples throws(ImageError) in
      try samples.labels(of: url, page: page)
    }
  }

  private func withSamples<Result>(
    _ page: Int, _ sample: Int, _ body: (PixelSamples) throws(ImageError) -> Result
  ) throws(ImageError) -> Result {
    precondition(
      page >= 0 && page < pageCount && sample >= 0 && sample < size.samples,
      "The plane does not exist.")
    let raw = UnsafeMutableRawBufferPointer.allocate(
      byteCount: size.width * size.height * size.samples * file.elementType.byteCount,
      alignment: 16)
    defer { raw.deallocate() }
    do throws(ArrayFileError) {
      try file.readPlane(page, of: pageCount, into: raw)
    } catch {
      throw ImageError(error)
    }
    return try body(
      PixelSamples(
        bytes: UnsafeRawBufferPointer(raw), kind: file.elementType, width: size.width,
        height: size.height, samples: size.samples, sample: sample))
  }
}
