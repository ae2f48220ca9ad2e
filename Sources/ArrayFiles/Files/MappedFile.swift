public import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A regular file mapped into memory for reading.
///
/// The system brings pages in when they are touched and may drop them again, so a file far larger
/// than memory is fine. The file must not be shortened while it is mapped; ``MappingFault`` says what
/// happens then.
public final class MappedFile: Sendable {
  /// The file, for stretches that are better read than mapped.
  public let file: OpenFile

  private nonisolated(unsafe) let base: UnsafeMutableRawPointer?
  private let place: Int?

  /// Opens and maps a file.
  ///
  /// - Throws: the errors of ``OpenFile/init(_:)``, and `inputOutput` when it cannot be mapped.
  public convenience init(_ url: URL) throws(ArrayFileError) {
    try self.init(OpenFile(url))
  }

  /// Maps a file that is open.
  ///
  /// - Throws: `inputOutput` when the system refuses.
  public init(_ file: OpenFile) throws(ArrayFileError) {
    if file.byteCount > 0 {
      let mapped = mmap(nil, file.byteCount, PROT_READ, MAP_SHARED, file.descriptor, 0)
      guard let mapped, mapped != MAP_FAILED else {
        throw .system(errno, file.url, doing: "map the file into memory")
      }
      base = mapped
      place = MappingFault.add(mapped, file.byteCount, file.url.path(percentEncoded: false))
    } else {
      base = nil
      place = nil
    }
    self.file = file
  }

  deinit {
    if let place { MappingFault.remove(place) }
    if let base { munmap(base, byteCount) }
  }

  /// Where the file is.
  public var url: URL { file.url }

  /// The length in bytes when it was opened.
  public var byteCount: Int { file.byteCount }

  /// The content; valid as long as the object lives.
  public var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base, count: byteCount)
  }
}
