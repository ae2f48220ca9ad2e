package import Foundation

/// A folder that gets its name when everything in it is complete.
///
/// Until then it is a hidden folder beside the final one, locked for one process; one left over by a
/// run that was killed is emptied by the next, or taken up where it can be.
package struct StagedFolder {
  /// Where to write.
  package let url: URL
  private let target: URL
  private let lock: FolderLock

  /// Makes the hidden folder.
  ///
  /// - Parameters:
  ///   - target: its final name.
  ///   - continuing: whether what an earlier run left in it stays.
  /// - Throws: `usage` or `inputOutput` when the target holds something or cannot be made.
  package init(_ target: URL, continuing: Bool = false) throws(ArrayFileError) {
    let manager = FileManager.default
    let path = Self.path(target)
    var isFolder: ObjCBool = false
    if manager.fileExists(atPath: path, isDirectory: &isFolder) {
      guard isFolder.boolValue else {
        throw Self.unwritable(target, "a file has this name")
      }
      guard let names = try? manager.contentsOfDirectory(atPath: path) else {
        throw Self.unwritable(target, "the folder cannot be read")
      }
      guard names.isEmpty else {
        throw ArrayFileError(
          .usage, target, problem: "the folder exists and is not empty",
          advice: "Choose another folder, or remove it first")
      }
    }
    self.target = target.standardizedFileURL
    url = self.target.deletingLastPathComponent().appending(
      path: "." + self.target.lastPathComponent + ".partial", directoryHint: .isDirectory)
    lock = try Self.locked(url, for: target, continuing: continuing)
  }

  /// Stages files that go into a folder of its own, which may hold others.
  ///
  /// - Parameters:
  ///   - folder: the folder, which is made.
  ///   - name: what the hidden folder in it is called.
  /// - Throws: `inputOutput` when it cannot be made or another process is at it.
  package init(inside folder: URL, as name: String) throws(ArrayFileError) {
    target = folder
    url = folder.appending(path: ".\(name).partial", directoryHint: .isDirectory)
    lock = try Self.locked(url, for: folder, continuing: false)
  }

  private static func locked(
    _ url: URL, for target: URL, continuing: Bool
  ) throws(ArrayFileError) -> FolderLock {
    let found: FolderLock?
    do {
      found = try FolderLock(url)
      if !continuing { try found?.empty() }
    } catch {
      throw unwritable(target, reason(error))
    }
    guard let found else {
      throw ArrayFileError(
        .inputOutput, target, problem: "another process is writing into this folder",
        advice: "Wait for it to end or stop it, or choose another folder")
    }
    return found
  }

  /// Gives the folder its name.
  package func publish() throws(ArrayFileError) {
    try require(DiskSync.folder(url))
    // rename(2) replaces an empty folder and nothing else.
    try require(rename(url.path(percentEncoded: false), Self.path(target)) == 0 ? 0 : errno)
    try require(DiskSync.folder(target.deletingLastPathComponent()))
  }

  /// Gives files that were staged inside a folder their names there, once all of them are whole.
  ///
  /// When one cannot be renamed, those before it get their old content back. Should that fail too, the
  /// last is removed: files that belong together are then seen not to.
  package func publish(files names: [String]) throws(ArrayFileError) {
    func path(_ folder: URL, _ name: String) -> String {
      folder.appending(path: name).path(percentEncoded: false)
    }
    var replaced: [(name: String, wasThere: Bool)] = []
    for name in names {
      let (from, to, old) = (path(url, name), path(target, name), path(url, ".old-" + name))
      // A second name for the old content; where there is none, or the disk knows no second names, no matter.
      let wasThere = access(to, F_OK) == 0
      link(to, old)
      guard rename(from, to) != 0 else {
        replaced.append((name, wasThere))
        continue
      }
      let code = errno
      let isRestored = replaced.allSatisfy { name, wasThere in
        wasThere
          ? rename(path(url, ".old-" + name), path(target, name)) == 0
          : unlink(path(target, name)) == 0
      }
      if !isRestored, let last = names.last { unlink(path(target, last)) }
      discard()
      return try require(code)
    }
    discard()
    try require(DiskSync.folder(target))
  }

  private func require(_ code: Int32) throws(ArrayFileError) {
    guard code == 0 else { throw Self.unwritable(target, String(cString: strerror(code))) }
  }

  /// Removes what was written.
  package func discard() {
    try? lock.empty()
    rmdir(url.path(percentEncoded: false))
  }

  /// The path without a slash at its end, with which a file of that name would not be seen.
  private static func path(_ url: URL) -> String {
    var path = url.path(percentEncoded: false)
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  private static func unwritable(_ folder: URL, _ reason: String) -> ArrayFileError {
    ArrayFileError(
      .inputOutput, folder, problem: "the folder cannot be written: \(reason)",
      advice: "Check the path, its permissions and the space left on the disk")
  }

  private static func reason(_ error: any Error) -> String {
    if let error = error as? POSIXError { return String(cString: strerror(error.code.rawValue)) }
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    if let underlying, underlying.domain == NSPOSIXErrorDomain {
      return String(cString: strerror(Int32(underlying.code)))
    }
    return (error as NSError).localizedDescription
  }
}
