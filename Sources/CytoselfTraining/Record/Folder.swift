import ArrayFiles
public import Foundation

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Folders and whole files that survive a crash: written aside, synced, then renamed.
public enum Folder {
  /// Makes `url` and the folders above it, where they are not there yet.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public static func make(_ url: URL) throws(TrainingError) {
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw TrainingError.file(url, "make the folder", error)
    }
  }

  /// Waits until the names in the folder `url` are on the disk.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public static func synchronize(_ url: URL) throws(TrainingError) {
    let code = DiskSync.folder(url)
    guard code == 0 else { throw TrainingError.system(url, "sync", code) }
  }

  /// Replaces the file `url` with `data`, all or nothing.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public static func write(_ data: Data, to url: URL) throws(TrainingError) {
    do throws(ArrayFileError) {
      try AtomicFile.write([UInt8](data), to: url)
    } catch {
      throw .array(error)
    }
  }

  /// Gives the finished file or folder `partial` its final name and syncs the folder around it.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public static func rename(_ partial: URL, to url: URL) throws(TrainingError) {
    guard Foundation.rename(partial.path, url.path) == 0 else {
      throw TrainingError.system(url, "write")
    }
    try synchronize(url.deletingLastPathComponent())
  }
}

extension TrainingError {
  /// A failure that Foundation reported, without its wrapping.
  static func file(_ url: URL, _ action: String, _ error: any Error) -> TrainingError {
    var inner = error as NSError
    while let underlying = inner.userInfo[NSUnderlyingErrorKey] as? NSError { inner = underlying }
    let reason =
      inner.domain == NSPOSIXErrorDomain
      ? String(cString: strerror(Int32(inner.code)))
      : inner.localizedDescription.trimmingCharacters(in: CharacterSet(charactersIn: "."))
    return .file(path: url.path, action: action, reason: reason)
  }

  /// A failure of a system call, the last one unless its `errno` is given.
  static func system(_ url: URL, _ action: String, _ code: Int32 = errno) -> TrainingError {
    .file(path: url.path, action: action, reason: String(cString: strerror(code)))
  }
}
