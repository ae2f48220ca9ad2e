public import Foundation

/// What went wrong with an array, table or weight file, worded so that a user can act on it.
public struct ArrayFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The family of the failure.
  public let kind: FailureKind
  /// The path of the file concerned.
  public let file: String
  /// Where in the file: a byte, a row, a tensor; nil when it is the file as a whole.
  public let place: String?
  /// What was found and what was expected, without a full stop.
  public let problem: String
  /// What to do about it, without a full stop.
  public let advice: String?

  /// Makes an error about a file.
  public init(
    _ kind: FailureKind, file: String, place: String? = nil, problem: String, advice: String? = nil
  ) {
    self.kind = kind
    self.file = file
    self.place = place
    self.problem = problem
    self.advice = advice
  }

  /// Makes an error about a file at a URL.
  public init(
    _ kind: FailureKind, _ url: URL, place: String? = nil, problem: String, advice: String? = nil
  ) {
    self.init(
      kind, file: url.path(percentEncoded: false), place: place, problem: problem, advice: advice)
  }

  /// One or two sentences: file, place, problem, advice.
  public var description: String {
    var text = file
    if let place { text += ", " + place }
    text += ": " + problem
    // What the system says, or another error, may be a sentence already.
    if let advice { text = text.sentence + " " + advice }
    return text.sentence
  }
}

extension String {
  /// The text with a full stop at its end, unless it has one.
  package var sentence: String { hasSuffix(".") ? self : self + "." }
}

extension ArrayFileError: LocalizedError {
  /// The same sentences as `description`.
  public var errorDescription: String? { description }
}
