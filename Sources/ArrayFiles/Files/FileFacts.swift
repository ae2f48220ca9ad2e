package import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What the system tells about a file before it is opened.
///
/// This is the one way to ask for it by name: what Foundation tells of a symbolic link is about the link,
/// whose length is that of a path, and not about the file that would be read.
package struct FileFacts: Sendable, Equatable {
  /// The length in bytes.
  package let byteCount: Int
  /// When the content was last changed, in seconds since 1970.
  package let changed: Double
  /// Whether this is a folder.
  package let isFolder: Bool
  /// Whether this is a file with content of its own; a pipe or a device is none.
  package let isRegular: Bool

  /// Asks about a file, or the one that a symbolic link leads to; nil when there is none.
  package init?(_ url: URL) {
    var status = stat()
    guard stat(url.path(percentEncoded: false), &status) == 0 else { return nil }
    byteCount = Int(status.st_size)
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    changed = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    isFolder = status.st_mode & S_IFMT == S_IFDIR
    isRegular = status.st_mode & S_IFMT == S_IFREG
  }
}
