package import ArrayFiles

/// An error written for the user, which knows what family of failures it is of.
///
/// The error type of every module without libtorch gets its conformance in this file, that of the others
/// in `ExitStatus+Engine.swift`. An error type that is not here ends the program with ``ExitStatus/failed``.
package protocol ExplainedError: Error, CustomStringConvertible {
  /// The family, from which the exit code follows.
  var kind: FailureKind { get }
}
