import CJPEG
import CytoselfAnalysis
import Foundation

/// Grey pictures as JPEG.
enum JPEGEncoder {
  /// Encodes a picture and hands over its file.
  ///
  /// - Parameters:
  ///   - pixels: `[height, width]`, 0 is black.
  ///   - quality: 1 to 100.
  ///   - name: what it is called, for messages.
  ///   - take: is handed the bytes, which are gone afterwards.
  /// - Throws: `AnalysisError.failed` when memory is short, and what `take` throws.
  static func encode<Failure: Error>(
    _ pixels: [UInt8], width: Int, height: Int, quality: Int, name: String,
    _ take: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws {
    precondition(pixels.count == width * height, "A picture has width x height pixels.")
    var message = [CChar](repeating: 0, count: 256)
    var count = 0
    guard
      let bytes = cjpeg_encode_grey(
        UInt32(width), UInt32(height), pixels, Int32(quality), &count, &message, message.count)
    else {
      let reason = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
      throw AnalysisError.failed(what: "The picture \(name)", reason: reason)
    }
    defer { free(bytes) }
    try take(UnsafeRawBufferPointer(start: bytes, count: count))
  }
}
