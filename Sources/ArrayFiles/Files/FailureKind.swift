/// The families of failures, the same in every module; the command line turns each into an exit code.
public enum FailureKind: String, Sendable, CaseIterable {
  /// What was requested does not exist or makes no sense (64).
  case usage
  /// An input is there and wrong (65).
  case badData
  /// An input is not there (66).
  case missingInput
  /// A part of the installation or the machine is not there (69).
  case missingPart
  /// The system refused to read or write (74).
  case inputOutput
  /// The job was sound and failed (1).
  case failed
}
