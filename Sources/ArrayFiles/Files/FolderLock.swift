import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The right to write into a folder; the system releases it when its holder ends, however it ends.
final class FolderLock: Sendable {
  private let descriptor: Int32
  private let path: String

  /// Makes the folder where it is not there, and locks it; a disk that knows no locks is used without.
  ///
  /// - Returns: nil when another process holds it.
  /// - Throws: the system's error when it cannot be made or opened.
  init?(_ url: URL) throws {
    path = url.path(percentEncoded: false)
    while true {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      let opened = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
      if opened < 0, errno == ENOENT { continue }
      guard opened >= 0 else {
        let code = errno
        // Nothing is lost: it goes only if it is empty.
        rmdir(path)
        throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO)
      }
      if flock(opened, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        close(opened)
        return nil
      }
      // Whoever held it may have given it its name, or removed it, between the two calls.
      var (held, named) = (stat(), stat())
      if fstat(opened, &held) == 0, stat(path, &named) == 0, held.st_ino == named.st_ino,
        held.st_dev == named.st_dev
      {
        descriptor = opened
        return
      }
      close(opened)
    }
  }

  deinit { close(descriptor) }

  /// Removes what is in the folder.
  ///
  /// Files are removed through the descriptor that is open: when a process has used up its descriptors it
  /// can still clear up.
  /// - Throws: the system's error.
  func empty() throws {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0, let listing = fdopendir(copy) else {
      let code = errno
      if copy >= 0 { close(copy) }
      throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO)
    }
    defer { closedir(listing) }
    rewinddir(listing)
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name == "." || name == ".." || unlinkat(descriptor, name, 0) == 0 { continue }
      try FileManager.default.removeItem(atPath: path + "/" + name)
    }
  }
}
