public import Foundation

/// The checkpoints of a run: complete folders under final names, the newest and the best kept.
///
/// A checkpoint is written under a hidden name, its files and the folder synced, and renamed. Only
/// then are older ones removed, so there is a complete one at every moment after the first.
public struct CheckpointFolder: Sendable {
  /// The folder that holds the checkpoints.
  public let url: URL
  /// How many of the newest are kept.
  public static let keptNewest = 2

  /// The checkpoints in a folder.
  public init(_ url: URL) {
    self.url = url
  }

  /// The complete checkpoints, oldest first.
  public var checkpoints: [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.filter { $0.hasPrefix("epoch-") && !$0.hasSuffix(".partial") }.sorted()
      .map { url.appending(path: $0, directoryHint: .isDirectory) }
  }

  /// The newest complete checkpoint.
  public var newest: URL? { checkpoints.last }

  /// Removes what an interrupted save left.
  public func removeRemains() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    for name in names where name.hasPrefix(".") {
      try? FileManager.default.removeItem(at: url.appending(path: name))
    }
  }

  /// Saves a checkpoint and then removes those that are no longer needed.
  ///
  /// - Parameters:
  ///   - name: its final name; a complete one of that name is left as it is.
  ///   - best: the name of a checkpoint to keep beside the newest.
  ///   - write: writes and syncs the files into the folder it is given.
  /// - Throws: what `write` throws, and ``TrainingError/file(path:action:reason:)``; nothing is
  ///   left under the final name then.
  public func save(
    name: String, keeping best: String?, write: (URL) throws -> Void
  ) throws {
    let final = url.appending(path: name, directoryHint: .isDirectory)
    if !FileManager.default.fileExists(atPath: final.path) {
      let partial = url.appending(path: ".\(name).partial", directoryHint: .isDirectory)
      try? FileManager.default.removeItem(at: partial)
      try Folder.make(partial)
      do {
        try write(partial)
        try Folder.synchronize(partial)
        try Folder.rename(partial, to: final)
      } catch {
        try? FileManager.default.removeItem(at: partial)
        throw error
      }
    }
    try prune(keeping: best)
  }

  /// Removes the checkpoints that are no longer needed.
  ///
  /// - Parameter best: the name of a checkpoint to keep beside the newest.
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public func prune(keeping best: String?) throws(TrainingError) {
    for old in checkpoints.dropLast(Self.keptNewest) where old.lastPathComponent != best {
      // Renamed first, so that a crash while removing leaves no half checkpoint under its name.
      let doomed = url.appending(path: ".\(old.lastPathComponent).removed")
      try Folder.rename(old, to: doomed)
      try? FileManager.default.removeItem(at: doomed)
    }
  }
}
