/// Why a figure or a report could not be made: what, where, and what to do.
public struct FigureError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The sort of failure, from which a command takes its exit status.
  public enum Kind: Sendable, Equatable {
    /// The figure was asked for in a way that has no meaning.
    case usage
    /// The values to draw do not fit together.
    case badData
    /// A file that the figure needs is not there.
    case missingInput
    /// A program that draws (gnuplot) is not on this machine.
    case missingPart
    /// Reading or writing a file failed.
    case inputOutput
    /// The drawing program ran and did not succeed.
    case failed
  }

  /// The sort of failure.
  public let kind: Kind
  /// What happened, where, and what to do, in one or two sentences.
  public let message: String

  /// An error of a kind with its sentence.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// The sentence.
  public var description: String { message }
}
