package import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Waits until what was written is on the disk itself, where a power cut does not reach it.
///
/// A sync that failed is never tried again on the same file. The system tells once that it could not
/// write, and may then have forgotten what: a second try that succeeds proves nothing. Such a file is
/// given up and written anew.
package enum DiskSync {
  /// Syncs the content of an open file.
  ///
  /// - Returns: 0, or the `errno` of the failure.
  package static func file(_ descriptor: Int32) -> Int32 {
    #if canImport(Darwin)
      // There `fsync` is content when the drive has the bytes, in memory of its own.
      if fcntl(descriptor, F_FULLFSYNC) == 0 { return 0 }
      // Drives in a network know no such request; nothing was tried yet.
      guard [ENOTSUP, EINVAL, ENODEV].contains(errno) else { return errno }
    #endif
    return fsync(descriptor) == 0 ? 0 : errno
  }

  /// Syncs the names in a folder, so that what was renamed in it keeps its new name.
  ///
  /// A system that does not let folders be opened or synced is fine.
  ///
  /// - Returns: 0, or the `errno` of the failure.
  package static func folder(_ url: URL) -> Int32 {
    let descriptor = open(url.path(percentEncoded: false), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [EACCES, EPERM].contains(errno) ? 0 : errno }
    defer { close(descriptor) }
    let code = file(descriptor)
    return [EINVAL, ENOTSUP, ENOSYS, EBADF].contains(code) ? 0 : code
  }
}
