import Foundation

/// A thrown error as it is reported: one message and one exit code.
public struct Failure: Equatable, Sendable {
  /// What is printed after `error: `.
  public let message: String
  /// The exit code.
  public let status: ExitStatus

  /// The failure that an error stands for, or nil when it is the argument parser's own.
  ///
  /// Errors of the system's libraries keep their own descriptions.
  public init?(_ error: any Error) {
    switch error {
    case let error as any ExplainedError:
      message = error.description.endingOnce
      status = ExitStatus(error.kind)
    case let error as CocoaError:
      let named =
        error.userInfo[NSFilePathErrorKey] as? String
        ?? (error.userInfo[NSURLErrorKey] as? URL)?.path(percentEncoded: false)
      let path = named.map { $0 + ": " } ?? ""
      let cause = error.underlying.map { " (\(($0 as NSError).localizedDescription))" } ?? ""
      message = path + error.localizedDescription + cause
      status = error.isFileError ? Self.fileStatus(error.code) : .failed
    case let error as POSIXError:
      message = String(cString: strerror(error.code.rawValue))
      status = error.code == .ENOENT ? .missingInput : .inputOutput
    default:
      return nil
    }
  }

  private static func fileStatus(_ code: CocoaError.Code) -> ExitStatus {
    code == .fileNoSuchFile || code == .fileReadNoSuchFile ? .missingInput : .inputOutput
  }
}
