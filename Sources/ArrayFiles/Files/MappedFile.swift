public import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A regular file mapped into memory for reading.
///
/// The system brings pages in when they are touched and may drop them again, so a file far larger
/// than memory is fine. The file must not be shortened while it is mapped.
public final class MappedFile: Sendable {
  /// Where the file is.
  public let url: URL
  /// The length in bytes when it was opened.
  public let byteCount: Int

  private let descriptor: Int32
  private nonisolated(unsafe) let base: UnsafeMutableRawPointer?

  /// Opens and maps a file.
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
    let byteCount = Int(status.st_size)
    if byteCount > 0 {
      let mapped = mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, 0)
      guard let mapped, mapped != MAP_FAILED else {
        let code = errno
        close(descriptor)
        throw .system(code, url, doing: "map the file into memory")
      }
      self.base = mapped
    } else {
      self.base = nil
    }
    self.descriptor = descriptor
    self.byteCount = byteCount
  }

  deinit {
    if let base { munmap(base, byteCount) }
    close(descriptor)
  }

  /// The content; valid as long as the object lives.
  public var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base, count: byteCount)
  }

  /// Reads a stretch into a buffer without touching the mapping.
  ///
  /// Pages read through the mapping count as memory of the process until the system takes them
  /// back; pages read this way do not. A loader that goes through a whole data set uses this one.
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
