import ArrayFiles
import CytoselfModel
import Foundation
import Torch
import TorchNN

extension Trainer {
  /// Saves everything that is needed to continue exactly from here.
  @discardableResult
  func saveCheckpoint() throws -> URL {
    try metricsLog.synchronize()
    state.metricsBytes = metricsLog.byteCount
    state.generator = Data(try generator.state())
    let name = state.checkpointName
    var description = description
    description.epoch = state.epoch
    description.step = state.step
    description.validationLoss = state.history.monitoredLoss
    try checkpoints.save(name: name, keeping: state.bestCheckpoint) { folder in
      try Checkpoint.write(
        state: state, description: description,
        model: average?.weights ?? model.stateDictionary,
        optimizer: optimizer.stateDictionary, average: average?.mean, to: folder)
    }
    return run.checkpoints.appending(path: name, directoryHint: .isDirectory)
  }

  /// Replaces `best.safetensors` with the weights as they are.
  func saveBestWeights(_ loss: Double) throws {
    var description = description
    description.epoch = state.epoch
    description.step = state.step
    description.validationLoss = loss
    try model.stateDictionary.write(to: run.best, metadata: description.metadata)
  }

  /// Gives the model the weights with the lowest validation loss.
  func loadBestWeights() throws {
    guard state.earlyStop.best != nil else { return }
    try model.stateDictionary.copy(from: StateDictionary(Safetensors(run.best)))
  }
}
