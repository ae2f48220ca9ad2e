package import ArrayFiles
package import CellData
package import CellImages
package import CytoselfAnalysis
package import CytoselfFigures

/// What the program's exit code tells the script that called it.
///
/// The numbers from 64 on are those of BSD's `sysexits.h`.
public enum ExitStatus: Int32, Sendable, CaseIterable {
  /// All is done.
  case done = 0
  /// The job was sound and failed, or was stopped.
  case failed = 1
  /// The command, an option or a configuration makes no sense.
  case usage = 64
  /// An input is there and wrong.
  case badData = 65
  /// An input is not there.
  case missingInput = 66
  /// A part of the installation or the machine is not there: libtorch, gnuplot, a device.
  case missingPart = 69
  /// Reading or writing failed.
  case inputOutput = 74
}

/// An error written for the user, which knows the exit code it asks for.
///
/// The error type of every module without libtorch gets its conformance in this file, that of the others
/// in `ExitStatus+Engine.swift`. An error type that is not here ends the program with ``ExitStatus/failed``.
package protocol ExplainedError: Error, CustomStringConvertible {
  /// The exit code that the program ends with.
  var exitStatus: ExitStatus { get }
}

extension ArrayFileError: ExplainedError {
  /// The exit code of the failure's kind.
  package var exitStatus: ExitStatus { ExitStatus(kind) }
}

extension ExitStatus {
  /// The exit code for a kind of file failure.
  init(_ kind: ArrayFileError.Kind) {
    self =
      switch kind {
      case .usage: .usage
      case .badData: .badData
      case .missingInput: .missingInput
      case .missingPart: .missingPart
      case .inputOutput: .inputOutput
      }
  }
}

extension FigureError: ExplainedError {
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

extension ImageError: ExplainedError {
  /// The exit code of the failure's kind.
  package var exitStatus: ExitStatus {
    switch kind {
    case .usage: .usage
    case .badData: .badData
    case .missingInput: .missingInput
    case .inputOutput: .inputOutput
    }
  }
}

extension CellDataError: ExplainedError {
  /// The exit code of the failure's kind.
  package var exitStatus: ExitStatus { ExitStatus(kind) }
}

extension SimulationError: ExplainedError {
  /// The exit code of the failure's kind.
  package var exitStatus: ExitStatus {
    switch kind {
    case .usage: .usage
    case .inputOutput: .inputOutput
    }
  }
}

extension AnalysisError: ExplainedError {
  /// The exit code of the failure's kind.
  package var exitStatus: ExitStatus {
    switch kind {
    case .usage: .usage
    case .badData: .badData
    case .missingInput: .missingInput
    case .failed: .failed
    }
  }
}
