package import Foundation

/// A folder that gets its name when everything in it is complete.
///
/// Until then it is a hidden folder beside the final one; one left over by a run that was killed is
/// removed by the next, or taken up where it can be.
package struct StagedFolder {
  /// Where to write.
  package let url: URL
  private let target: URL

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
    do {
      if !continuing, manager.fileExists(atPath: url.path(percentEncoded: false)) {
        try manager.removeItem(at: url)
      }
      try manager.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw Self.unwritable(target, Self.reason(error))
    }
  }

  /// Gives the folder its name.
  package func publish() throws(ArrayFileError) {
    // rename(2) replaces an empty folder and nothing else.
    let path = Self.path(target)
    guard rename(url.path(percentEncoded: false), path) == 0 else {
      throw Self.unwritable(target, String(cString: strerror(errno)))
    }
  }

  /// Removes what was written.
  package func discard() {
    try? FileManager.default.removeItem(at: url)
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
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    if let underlying, underlying.domain == NSPOSIXErrorDomain {
      return String(cString: strerror(Int32(underlying.code)))
    }
    return (error as NSError).localizedDescription
  }
}
