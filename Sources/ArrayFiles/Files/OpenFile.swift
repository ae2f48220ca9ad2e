public import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A regular file that is open for reading stretches at any place.
///
/// What is read this way does not count as memory of the process, as the pages of a mapping do until
/// the system takes them back: a loader that goes through a whole data set reads, and does not map.
public final class OpenFile: Sendable {
  /// Where the file is.
  public let url: URL
  /// The length in bytes when it was opened.
  public let byteCount: Int

  let descriptor: Int32

  /// Opens a file.
  ///
  /// - Throws: `missingInput` when there is no such file, `usage` when it is not a regular file,
  ///   `inputOutput` when the system refuses.
  public init(_ url: URL) throws(ArrayFileError) {
    self.url = url
    // O_NONBLOCK: opening a named pipe must not wait for a writer.
    let descriptor = open(url.path(percentEncoded: false), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .system(errno, url, doing: "open the file") }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw .system(code, url, doing: "look at the file")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw ArrayFileError(
        .usage, url, problem: isFolder ? "is a folder" : "is not a regular file",
        advice: "Name a file")
    }
    self.descriptor = descriptor
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Reads a stretch into a buffer, which it fills.
  ///
  /// - Throws: `inputOutput` when the disk fails or the file has been shortened since.
  public func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(ArrayFileError) {
    guard var target = buffer.baseAddress else { return }
    var place = offset
    var left = buffer.count
    while left > 0 {
      let count = pread(descriptor, target, left, off_t(place))
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(errno, url, doing: "read \(left) bytes at byte \(place)")
      }
      guard count > 0 else {
        throw ArrayFileError(
          .inputOutput, url, place: "byte \(place)",
          problem: "the file has become shorter since it was opened",
          advice: "Do not change data while it is in use")
      }
      place += count
      left -= count
      target += count
    }
  }
}
