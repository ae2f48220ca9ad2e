import ArrayFiles
import CytoselfModel
public import Foundation
public import TorchNN

/// One checkpoint folder: `model.safetensors`, `optimizer.safetensors`, `state.json`, and
/// `average.safetensors` where a running mean of the weights is kept.
///
/// `model.safetensors` describes itself as `best.safetensors` does, so a checkpoint can be embedded
/// with.
public struct Checkpoint {
  /// Where the run stood.
  public let state: TrainingState
  /// What the model is.
  public let description: ModelDescription
  /// The weights and buffers.
  public let model: StateDictionary
  /// The optimiser's moments and counts.
  public let optimizer: StateDictionary
  /// The running mean of the weights; nil where none is kept.
  public let average: StateDictionary?

  /// Reads a checkpoint folder.
  ///
  /// - Throws: ``TrainingError/damaged(path:reason:)`` and what reading the tensors throws.
  public init(_ folder: URL) throws {
    let url = folder.appending(path: Self.stateName)
    do {
      state = try JSONDecoder().decode(TrainingState.self, from: Data(contentsOf: url))
    } catch is DecodingError {
      throw TrainingError.damaged(
        path: folder.path, reason: "\(Self.stateName) is not a state that this version writes")
    } catch {
      throw TrainingError.file(url, "read", error)
    }
    guard state.isSound else {
      throw TrainingError.damaged(
        path: folder.path, reason: "\(Self.stateName) holds numbers that no run has")
    }
    let weights = folder.appending(path: Self.modelName)
    let file = try Safetensors(weights)
    description = try ModelDescription(metadata: file.metadata, path: weights.path)
    model = try StateDictionary(file)
    optimizer = try StateDictionary(Safetensors(folder.appending(path: Self.optimizerName)))
    let mean = folder.appending(path: Self.averageName)
    average =
      FileManager.default.fileExists(atPath: mean.path)
      ? try StateDictionary(Safetensors(mean)) : nil
  }

  /// Writes and syncs the files of a checkpoint into a folder.
  ///
  /// - Throws: what writing throws.
  static func write(
    state: TrainingState, description: ModelDescription, model: StateDictionary,
    optimizer: StateDictionary, average: StateDictionary?, to folder: URL
  ) throws {
    try model.write(
      to: folder.appending(path: modelName), metadata: description.metadata)
    try optimizer.write(to: folder.appending(path: optimizerName))
    try average?.write(to: folder.appending(path: averageName))
    try Folder.write(JSON.encode(state), to: folder.appending(path: stateName))
  }

  /// The file with the weights.
  public static let modelName = "model.safetensors"
  private static let optimizerName = "optimizer.safetensors"
  private static let averageName = "average.safetensors"
  private static let stateName = "state.json"
}
