package import ArrayFiles
package import CellData
package import CellSimulation
package import CytoselfAnalysis
package import CytoselfFigures
package import ImageFiles

/// An error written for the user, of a kind from which the exit code follows.
///
/// The error type of every module without libtorch gets its conformance in this file, that of the others
/// in `ExplainedErrors.swift` of the engine. An error type that is not here ends the program with ``ExitStatus/failed``.
package protocol ExplainedError: Error, CustomStringConvertible {
  /// The family, from which the exit code follows.
  var kind: FailureKind { get }
}

extension ArrayFileError: ExplainedError {}
extension ImageError: ExplainedError {}
extension SimulationError: ExplainedError {}
extension CellDataError: ExplainedError {}
extension AnalysisError: ExplainedError {}
extension FigureError: ExplainedError {}
