import ArrayFiles
public import CytoselfModel
public import Foundation
public import Torch
import TorchNN

/// A model read from a run folder, a checkpoint folder or a weight file, ready to use.
public final class TrainedModel {
  /// The network with its weights.
  public let model: CytoselfModel
  /// What it is and what it was trained on.
  public let description: ModelDescription
  /// The weight file.
  public let weights: URL
  /// The run it comes from, if it was given as a run or lies in one.
  public let run: RunDirectory?
  /// Where it runs.
  public let device: Device

  /// Reads a model.
  ///
  /// - Parameters:
  ///   - url: a run folder (its best weights), a checkpoint folder, or a `.safetensors` file.
  ///   - device: where it is to run.
  /// - Throws: ``TrainingError``, ``TorchNN/StateMismatch``, ``Torch/TorchError`` and what reading
  ///   the file throws.
  public init(_ url: URL, device: Device = .cpu) throws {
    weights = try Self.weights(at: url)
    let file = try Safetensors(weights)
    description = try ModelDescription(metadata: file.metadata, path: weights.path)
    // The weights drawn here are overwritten; a generator is needed all the same.
    model = try CytoselfModel(description.model, generator: Generator(seed: 0))
    try model.stateDictionary.copy(from: StateDictionary(file))
    try model.move(to: device)
    self.device = device
    let candidates = [
      url, weights.deletingLastPathComponent(),
      weights.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent(),
    ]
    run = candidates.map(RunDirectory.init).first(where: \.exists)
  }

  private static func weights(at url: URL) throws(TrainingError) -> URL {
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    guard manager.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw .missing(
        path: url.path, hint: "Give a run folder, a checkpoint folder or a .safetensors file.")
    }
    guard isFolder.boolValue else {
      guard url.pathExtension == "safetensors" else {
        throw .notAModel(path: url.path, reason: "its name does not end in .safetensors")
      }
      return url
    }
    let inside = [RunDirectory(url).best, url.appending(path: Checkpoint.modelName)]
    if let found = inside.first(where: { manager.fileExists(atPath: $0.path) }) { return found }
    if let newest = CheckpointFolder(RunDirectory(url).checkpoints).newest {
      return newest.appending(path: Checkpoint.modelName)
    }
    throw .notAModel(
      path: url.path,
      reason: "the folder holds neither best.safetensors nor \(Checkpoint.modelName) nor"
        + " checkpoints")
  }

  /// How crops must be read to be what the model was trained on.
  ///
  /// - Parameters:
  ///   - channels: channels by name or number, where they have other names; empty takes the model's.
  ///   - label: the label column; `auto` finds it.
  ///   - labelsTable: the label table of a bare array; `auto` looks beside it.
  public func dataSection(
    path: String, channels: [String] = [], label: String = "auto", labelsTable: String = "auto"
  ) -> DataSection {
    var section = DataSection()
    section.path = path
    section.channels = channels.isEmpty ? description.channels : channels
    section.intensity = description.intensity
    section.integers = description.integers
    section.label = label
    section.labelsTable = labelsTable
    return section
  }
}
