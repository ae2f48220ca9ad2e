public import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The folder of one run, and where everything in it goes.
public struct RunDirectory: Sendable {
  /// The folder.
  public let url: URL

  /// A run's folder, which need not exist.
  public init(_ url: URL) {
    self.url = url
  }

  /// The resolved configuration.
  public var configuration: URL { url.appending(path: "config.yaml") }
  /// The table of epochs.
  public var history: URL { url.appending(path: "history.csv") }
  /// One JSON object per step.
  public var metrics: URL { url.appending(path: "metrics.jsonl") }
  /// The weights with the lowest validation loss.
  public var best: URL { url.appending(path: "best.safetensors") }
  /// What is needed to go on exactly.
  public var checkpoints: URL { url.appending(path: "checkpoints", directoryHint: .isDirectory) }
  /// Figures and the scripts that draw them.
  public var figures: URL { url.appending(path: "figures", directoryHint: .isDirectory) }
  /// Event files for TensorBoard.
  public var tensorboard: URL { url.appending(path: "tensorboard", directoryHint: .isDirectory) }
  /// Which cell is in which part.
  public var split: URL { url.appending(path: "split.csv") }
  /// The commands, versions and inputs of the run.
  public var record: URL { url.appending(path: "run.json") }

  /// Whether the folder holds a run.
  public var exists: Bool {
    FileManager.default.fileExists(atPath: configuration.path)
  }

  /// Makes the folders.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public func make() throws(TrainingError) {
    for folder in [url, checkpoints, figures, tensorboard] { try Folder.make(folder) }
  }

  /// Keeps a second process from training into the folder until the returned lock goes away.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public func lock() throws(TrainingError) -> RunLock {
    try RunLock(url.appending(path: ".lock"))
  }
}

/// A lock that the system releases when its holder ends, however it ends.
public final class RunLock {
  private let descriptor: Int32

  init(_ url: URL) throws(TrainingError) {
    descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system(url, "write") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw .file(
        path: url.deletingLastPathComponent().path, action: "train into",
        reason: "another process is training into it")
    }
  }

  deinit { close(descriptor) }
}
