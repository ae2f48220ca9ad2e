package import CytoselfCommands
package import CytoselfModel
package import CytoselfTraining
package import Torch
package import TorchNN

extension ModelError: ExplainedError {
  /// The exit code: what was asked for, or the images it was asked for.
  package var exitStatus: ExitStatus {
    switch self {
    case .setting, .unknownLayer, .cropSizeUnknown, .part: .usage
    case .imageSize, .imageShape, .foreignTensors, .cropSize, .keras: .badData
    }
  }
}

extension TorchError: ExplainedError {
  /// The exit code: a device that some machine has and this one lacks is a missing part.
  package var exitStatus: ExitStatus {
    switch self {
    case .backend, .outOfMemory: .failed
    case .unknownDevice(let name, _):
      name == "cpu" || name == "mps" || name.prefix { $0 != ":" } == "cuda" ? .missingPart : .usage
    }
  }
}

extension TrainingError: ExplainedError {
  /// The exit code of the failure's kind.
  package var exitStatus: ExitStatus {
    switch kind {
    case .usage: .usage
    case .badData: .badData
    case .missingInput: .missingInput
    case .missingPart: .missingPart
    case .inputOutput: .inputOutput
    case .failed: .failed
    }
  }
}

extension StateMismatch: ExplainedError {
  /// Weights that do not fit the model are bad data.
  package var exitStatus: ExitStatus { .badData }
}
