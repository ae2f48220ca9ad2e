import Foundation

/// A folder that gets its name when everything in it is complete.
///
/// Until then it is a hidden folder beside the final one; one left over by a run that was killed is
/// removed by the next, or taken up where it can be.
struct StagedFolder {
  /// Where to write.
  let url: URL
  private let target: URL

  /// Makes the hidden folder.
  ///
  /// - Parameters:
  ///   - target: its final name.
  ///   - continuing: whether what an earlier run left in it stays.
  /// - Throws: ``SimulationError`` when the target holds something or cannot be made.
  init(_ target: URL, continuing: Bool = false) throws(SimulationError) {
    let manager = FileManager.default
    let path = Self.path(target)
    var isFolder: ObjCBool = false
    if manager.fileExists(atPath: path, isDirectory: &isFolder) {
      guard isFolder.boolValue else {
        throw .cannotWrite(path: path, reason: "a file has this name")
      }
      guard let names = try? manager.contentsOfDirectory(atPath: path) else {
        throw .cannotWrite(path: path, reason: "the folder cannot be read")
      }
      guard names.isEmpty else { throw .folderNotEmpty(path) }
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
      throw .cannotWrite(path: path, reason: Self.reason(error))
    }
  }

  /// Gives the folder its name.
  func publish() throws(SimulationError) {
    // rename(2) replaces an empty folder and nothing else.
    let path = Self.path(target)
    guard rename(url.path(percentEncoded: false), path) == 0 else {
      throw .cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
  }

  /// Removes what was written.
  func discard() {
    try? FileManager.default.removeItem(at: url)
  }

  /// The path without a slash at its end, with which a file of that name would not be seen.
  private static func path(_ url: URL) -> String {
    var path = url.path(percentEncoded: false)
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    if let underlying, underlying.domain == NSPOSIXErrorDomain {
      return String(cString: strerror(Int32(underlying.code)))
    }
    return (error as NSError).localizedDescription
  }
}
