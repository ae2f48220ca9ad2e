import ArrayFiles
import CPNG
package import Foundation

/// Writes pictures for a person to look at.
package enum PNGWriter {
  /// Writes red, green and blue bytes `[height, width, 3]`; the file appears when it is complete.
  ///
  /// - Throws: ``ImageError`` of kind `inputOutput` when the disk is full or fails.
  package static func write(_ pixels: [UInt8], width: Int, height: Int, to url: URL)
    throws(ImageError)
  {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height * 3,
      "A picture has width x height pixels of three bytes.")
    let path = url.path(percentEncoded: false)
    let partial = path + ".partial"
    var message = [CChar](repeating: 0, count: 256)
    guard
      cpng_write_rgb(partial, UInt32(width), UInt32(height), pixels, &message, message.count)
    else {
      unlink(partial)
      throw ImageError(
        .inputOutput, url, "writing failed (\(TIFFReader.text(message)))",
        advice: "Free some space or choose another disk")
    }
    guard rename(partial, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(partial)
      throw ImageError(.inputOutput, url, "the finished file got no name (\(reason))")
    }
  }
}
