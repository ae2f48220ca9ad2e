import ArrayFiles
import CTIFF
public import Foundation

/// Writes 16-bit grey pages to a TIFF file, deflated; the file appears when it is finished.
public final class TIFFWriter {
  /// The final name.
  public let url: URL
  // It syncs and renames what libtiff writes under its partial name.
  private let file: AtomicFile
  private var handle: OpaquePointer?

  /// Starts a file.
  /// - Throws: ``ImageError`` of kind `inputOutput` when the system refuses.
  public init(_ url: URL) throws(ImageError) {
    self.url = url
    do throws(ArrayFileError) {
      file = try AtomicFile(url)
    } catch {
      throw Self.failure(error, url)
    }
    var message = [CChar](repeating: 0, count: 512)
    handle = ctiff_open(file.partial, "w", &message, message.count)
    guard handle != nil else {
      throw ImageError(
        .inputOutput, url, "the file cannot be made (\(TIFFReader.text(message)))",
        advice: "Check the folder and its permissions")
    }
  }

  deinit {
    guard let handle else { return }
    var message = [CChar](repeating: 0, count: 512)
    ctiff_close(handle, &message, message.count)
  }

  /// Appends a page `[height, width]`.
  /// - Throws: ``ImageError`` of kind `inputOutput` when the disk is full or fails.
  public func append(_ pixels: [UInt16], width: Int, height: Int, description: String? = nil)
    throws(ImageError)
  {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height,
      "A page has width x height pixels, one at least.")
    guard let handle else { preconditionFailure("A finished file takes no more pages.") }
    guard
      ctiff_append(
        handle, UInt32(width), UInt32(height), 16, UInt16(CTIFF_UNSIGNED), pixels, description)
    else {
      throw ImageError(
        .inputOutput, url, "writing failed (\(String(cString: ctiff_message(handle))))",
        advice: "Free some space or choose another disk")
    }
  }

  /// Completes the file and gives it its name.
  /// - Throws: ``ImageError`` of kind `inputOutput` when the disk is full or fails.
  public func finish() throws(ImageError) {
    guard let handle else { preconditionFailure("A file is finished once.") }
    self.handle = nil
    var message = [CChar](repeating: 0, count: 512)
    guard ctiff_close(handle, &message, message.count) else {
      throw ImageError(.inputOutput, url, "writing failed (\(TIFFReader.text(message)))")
    }
    do throws(ArrayFileError) {
      try file.finish()
    } catch {
      throw Self.failure(error, url)
    }
  }

  private static func failure(_ error: ArrayFileError, _ url: URL) -> ImageError {
    ImageError(
      .inputOutput, url, error.problem,
      advice: error.advice ?? "Free some space or choose another disk")
  }
}
