public import ArgumentParser
import ArrayFiles
import Foundation

/// The program from its arguments to its exit code.
public enum Program {
  /// Runs `cytoself`, which is without libtorch: commands that need it are handed to the engine.
  public static func main() async -> Never {
    await main(CytoselfCommand.self, before: EngineProgram.handOver)
  }

  /// Runs the command that the arguments name and ends the process.
  ///
  /// A failure is one line on standard error that starts with `error: `, followed by how the command
  /// is used when the arguments were wrong. There is never a stack trace.
  /// - Parameters:
  ///   - root: the command at the top.
  ///   - before: what is done with the arguments before they are parsed.
  public static func main(
    _ root: any ParsableCommand.Type, before: ([String]) throws -> Void = { _ in }
  ) async -> Never {
    // A reader that goes away (`cytoself inspect DATA | head`) must not kill hours of training: writes
    // fail with EPIPE instead and the job continues.
    signal(SIGPIPE, SIG_IGN)
    MappingFault.explain()
    StandardOutput.bufferByLine()

    let status: Int32
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      try before(arguments)
      var command = try root.parseAsRoot(arguments)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      status = ExitStatus.done.rawValue
    } catch {
      status = report(error, root)
    }
    exit(flush() ?? status)
  }

  /// Prints what a command threw and returns the exit code.
  ///
  /// Help and version requests are thrown too; they go to standard output and are no failure.
  static func report(_ error: any Error, _ root: any ParsableCommand.Type) -> Int32 {
    if let failure = Failure(error) {
      printError(failure.message)
      return failure.status.rawValue
    }
    let code = root.exitCode(for: error)
    var text = root.fullMessage(for: error)
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
