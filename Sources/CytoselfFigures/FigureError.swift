public import ArrayFiles

/// Why a figure or a report could not be made: what, where, and what to do.
public struct FigureError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The sort of failure.
  public let kind: FailureKind
  /// What happened, where, and what to do, in one or two sentences.
  public let message: String

  /// An error of a kind with its sentence.
  public init(_ kind: FailureKind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// The sentence.
  public var description: String { message }
}
