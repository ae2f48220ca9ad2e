import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The right to write into a run's folder; the system releases it when its holder ends, however it ends.
///
/// It is taken before anything is checked, since what is checked could change otherwise, and so before
/// it is known that there will be a run. ``abandon()`` leaves the place as it was found.
public final class RunLock {
  private let file: URL
  private let descriptor: Int32
  /// Folders that were made for the lock, the outermost first.
  private let madeFolders: [URL]
  private let madeFile: Bool

  /// Makes the folder of a run, where it is not there, and locks it.
  ///
  /// - Throws: ``TrainingError/inUse(_:)``, or ``TrainingError/file(path:action:reason:)``.
  init(_ run: RunDirectory) throws(TrainingError) {
    file = run.url.appending(path: ".lock")
    var made: [URL] = []
    while true {
      for folder in Self.missingFolders(run.url) where !made.contains(folder) {
        made.append(folder)
      }
      try Folder.make(run.url)
      let isNew = !FileManager.default.fileExists(atPath: file.path)
      let opened = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      if opened < 0, errno == ENOENT { continue }
      guard opened >= 0 else { throw .system(file, "write") }
      guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
        close(opened)
        throw .inUse(run.url.path)
      }
      // Whoever held it may have abandoned the file between the two calls.
      guard Self.isSame(opened, file) else {
        close(opened)
        continue
      }
      descriptor = opened
      madeFile = isNew
      break
    }
    madeFolders = made
  }

  /// Releases the lock and removes what was made for it, where nothing else has come into it.
  func abandon() {
    guard madeFile else { return }
    unlink(file.path)
    for folder in madeFolders.reversed() { rmdir(folder.path) }
  }

  private static func missingFolders(_ url: URL) -> [URL] {
    var missing: [URL] = []
    var folder = url.standardizedFileURL
    while folder.path != "/", !FileManager.default.fileExists(atPath: folder.path) {
      missing.insert(folder, at: 0)
      folder = folder.deletingLastPathComponent()
    }
    return missing
  }

  private static func isSame(_ descriptor: Int32, _ url: URL) -> Bool {
    var held = stat()
    var named = stat()
    return fstat(descriptor, &held) == 0 && stat(url.path, &named) == 0
      && held.st_ino == named.st_ino && held.st_dev == named.st_dev
  }

  deinit { close(descriptor) }
}
