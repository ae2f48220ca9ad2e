package import ArrayFiles
import CytoselfCommands
package import CytoselfModel
package import CytoselfTraining
package import Torch
package import TorchNN

extension ModelError: ExplainedError {
  /// Usage where a setting is wrong, bad data where the images or the weights are.
  package var kind: FailureKind {
    switch self {
    case .setting, .unknownLayer, .cropSizeUnknown, .part: .usage
    case .imageSize, .imageShape, .foreignTensors, .cropSize, .keras, .notFinite: .badData
    }
  }
}

extension TorchError: ExplainedError {
  /// A device that some machine has and this one lacks is a missing part.
  package var kind: FailureKind {
    switch self {
    case .backend, .outOfMemory: .failed
    case .unknownDevice(let name, _):
      name == "cpu" || name == "mps" || name.prefix { $0 != ":" } == "cuda" ? .missingPart : .usage
    }
  }
}

extension TrainingError: ExplainedError {}

extension StateMismatch: ExplainedError {
  /// Weights that do not fit the model are bad data.
  package var kind: FailureKind { .badData }
}
