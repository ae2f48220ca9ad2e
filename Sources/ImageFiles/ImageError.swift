public import ArrayFiles
public import Foundation

/// What can be wrong with an image file, worded so that a user can act on it.
public struct ImageError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The family of the failure.
  public let kind: FailureKind
  /// The path of the file concerned.
  public let file: String
  /// Which page of the file, from 0; nil when it is the file as a whole.
  public let page: Int?
  /// What was found and what was expected, without a full stop.
  public let problem: String
  /// What to do about it, without a full stop.
  public let advice: String?

  /// An error about a file, or one of its pages.
  public init(
    _ kind: FailureKind, _ url: URL, page: Int? = nil, _ problem: String, advice: String? = nil
  ) {
    self.kind = kind
    file = url.path(percentEncoded: false)
    self.page = page
    self.problem = problem
    self.advice = advice
  }

  /// An error about something that is no file, such as the pattern of an option.
  package init(_ kind: FailureKind, about subject: String, _ problem: String, advice: String? = nil)
  {
    self.kind = kind
    file = subject
    page = nil
    self.problem = problem
    self.advice = advice
  }

  /// One or two sentences: file, page, problem, advice.
  public var description: String {
    var text = file
    if let page { text += ", page \(page)" }
    text += ": " + problem
    if let advice { text += ". " + advice }
    // A problem may quote whole sentences.
    return text.hasSuffix(".") ? text : text + "."
  }
}
