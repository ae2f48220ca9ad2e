import ArgumentParser
import Foundation

/// The program from its arguments to its exit code.
public enum Program {
  /// Runs the command that the arguments name and ends the process.
  ///
  /// A failure is one line on standard error that starts with `error: `, followed by how the command
  /// is used when the arguments were wrong. There is never a stack trace.
  public static func main(
    _ arguments: [String] = Array(CommandLine.arguments.dropFirst())
  ) async -> Never {
    // A reader that goes away (`cytoself inspect DATA | head`) must not kill hours of training: writes
    // fail with EPIPE instead and the work goes on.
    signal(SIGPIPE, SIG_IGN)
    StandardOutput.bufferByLine()

    let status: Int32
    do {
      var command = try CytoselfCommand.parseAsRoot(arguments)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      status = ExitStatus.done.rawValue
    } catch {
      status = report(error)
    }
    exit(flush() ?? status)
  }

  /// Prints what a command threw and returns the exit code.
  ///
  /// Help and version requests are thrown too; they go to standard output and are no failure.
  static func report(_ error: any Error) -> Int32 {
    if let failure = Failure(error) {
      printError(failure.message)
      return failure.status.rawValue
    }
    let code = CytoselfCommand.exitCode(for: error)
    var text = CytoselfCommand.fullMessage(for: error)
    if code.isSuccess {
      print(text)
    } else if !text.isEmpty {
      if text.hasPrefix("Error: ") { text.removeFirst("Error: ".count) }
      printError(text)
    }
    return code.rawValue
  }

  private static func printError(_ message: String) {
    StandardError.print("error: " + message)
  }

  /// Empties standard output's buffer; the exit code if what was printed could not be written.
  private static func flush() -> Int32? {
    guard let problem = StandardOutput.flush() else { return nil }
    printError(problem)
    return ExitStatus.inputOutput.rawValue
  }
}

/// A thrown error as the user is told it: one message and one exit code.
public struct Failure: Equatable, Sendable {
  /// What is printed after `error: `.
  public let message: String
  /// The exit code.
  public let status: ExitStatus

  /// The failure that an error stands for, or nil when it is the argument parser's own.
  ///
  /// Errors of the system's libraries that reach the top are told as they tell themselves.
  public init?(_ error: any Error) {
    switch error {
    case let error as any ExplainedError:
      message = error.description
      status = ExitStatus(error.kind)
    case let error as CocoaError:
      let path = (error.userInfo[NSFilePathErrorKey] as? String).map { $0 + ": " } ?? ""
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
