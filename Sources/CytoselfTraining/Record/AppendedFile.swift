import ArrayFiles
public import Foundation

/// A file that only grows, one whole write at a time.
public final class AppendedFile {
  /// Where it is.
  public let url: URL
  /// Its length in bytes.
  public private(set) var count: Int
  private let handle: FileHandle

  /// Opens `url` to append after its first `keepingBytes` bytes; what follows them is cut off.
  ///
  /// - Throws: ``TrainingError/damaged(path:reason:)`` when the file is shorter than that, or
  ///   ``TrainingError/file(path:action:reason:)``.
  public init(_ url: URL, keepingBytes: Int) throws(TrainingError) {
    self.url = url
    do {
      if !FileManager.default.fileExists(atPath: url.path) { try Data().write(to: url) }
      handle = try FileHandle(forUpdating: url)
      let length = Int(try handle.seekToEnd())
      guard length >= keepingBytes else {
        throw TrainingError.damaged(
          path: url.path,
          reason: "it has \(length) bytes, but the checkpoint was made when it had \(keepingBytes)")
      }
      try handle.truncate(atOffset: UInt64(keepingBytes))
      try handle.seekToEnd()
      count = keepingBytes
    } catch let error as TrainingError {
      throw error
    } catch {
      throw TrainingError.file(url, "open", error)
    }
  }

  /// Appends `bytes`.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public func append(_ bytes: some Sequence<UInt8>) throws(TrainingError) {
    let data = Data(bytes)
    do {
      try handle.write(contentsOf: data)
      count += data.count
    } catch {
      throw TrainingError.file(url, "write", error)
    }
  }

  /// Waits until everything appended is on the disk.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public func synchronize() throws(TrainingError) {
    let code = DiskSync.file(handle.fileDescriptor)
    guard code == 0 else { throw TrainingError.system(url, "sync", code) }
  }

  deinit { try? handle.close() }
}
