import ArrayFiles
import CPNG
package import Foundation

/// Writes pictures for a person to look at.
package enum PNGWriter {
  /// Writes red, green and blue bytes `[height, width, 3]`; the file appears when it is complete.
  ///
  /// - Throws: ``ImageError`` of kind `inputOutput` when the disk is full or fails, `failed` when memory
  ///   is short.
  package static func write(_ pixels: [UInt8], width: Int, height: Int, to url: URL)
    throws(ImageError)
  {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height * 3,
      "A picture has width x height pixels of three bytes.")
    var message = [CChar](repeating: 0, count: 256)
    var count = 0
    guard
      let bytes = cpng_encode_rgb(
        UInt32(width), UInt32(height), pixels, &count, &message, message.count)
    else {
      throw ImageError(.failed, url, "the picture cannot be made (\(TIFFReader.text(message)))")
    }
    defer { free(bytes) }
    do throws(ArrayFileError) {
      let file = try AtomicFile(url)
      try file.write(UnsafeRawBufferPointer(start: bytes, count: count))
      try file.finish()
    } catch {
      throw ImageError(
        .inputOutput, url, error.problem,
        advice: error.advice ?? "Free some space or choose another disk")
    }
  }
}
