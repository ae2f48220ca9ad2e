package import ArrayFiles
package import CellData
package import CellSimulation
package import CytoselfAnalysis
package import CytoselfFigures
package import ImageFiles

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

extension ExitStatus {
  /// The exit code for a family of failures.
  init(_ kind: FailureKind) {
    self =
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

extension ArrayFileError: ExplainedError {}
extension ImageError: ExplainedError {}
extension SimulationError: ExplainedError {}
extension CellDataError: ExplainedError {}
extension AnalysisError: ExplainedError {}
extension FigureError: ExplainedError {}
