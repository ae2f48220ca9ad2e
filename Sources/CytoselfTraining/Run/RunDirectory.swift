public import Foundation

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
  /// What is needed to continue exactly.
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

  /// Makes the folders inside it.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  func makeFolders() throws(TrainingError) {
    for folder in [checkpoints, figures, tensorboard] { try Folder.make(folder) }
  }

  /// Makes the folder if it is not there and keeps every other process from training into it.
  ///
  /// - Throws: ``TrainingError/inUse(_:)``, or ``TrainingError/file(path:action:reason:)``.
  public func lock() throws(TrainingError) -> RunLock {
    try RunLock(self)
  }
}
