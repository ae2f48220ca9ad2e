import ArgumentParser
import ArrayFiles
import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The program with libtorch, which lies beside this one.
///
/// Loading libtorch takes a quarter of a second and 130 MB, so only the engine is linked with it.
enum EngineProgram {
  static let name = "cytoself-engine"

  /// Requests that only a program with every option of every command can answer in full.
  private static let ofAllOptions = ["--experimental-dump-help", "--generate-completion-script"]

  /// Becomes the engine if the arguments name one of its commands, and otherwise returns.
  ///
  /// - Parameter arguments: what follows the program's name; they are not parsed here.
  /// - Throws: ``EngineMissing``.
  static func handOver(_ arguments: [String]) throws {
    if let first = arguments.first,
      ofAllOptions.contains(where: first.hasPrefix), problem == nil
    {
      try start(arguments)
    }
    var commands = CytoselfCommand.configuration.subcommands
    for name in arguments.dropFirst(arguments.first == "help" ? 1 : 0) {
      guard let command = commands.first(where: { $0._commandName == name }) else { return }
      if command is any EngineCommand.Type { try start(arguments) }
      commands = command.configuration.subcommands
    }
  }

  /// Turns this process into the engine, with the same environment and files.
  ///
  /// It stays one process: signals, exit code, terminal and time limits are the engine's own.
  ///
  /// - Parameter arguments: what follows the program's name.
  /// - Throws: ``EngineMissing``.
  static func start(_ arguments: [String]) throws -> Never {
    var pointers = ([CommandLine.arguments[0]] + arguments).map { strdup($0) } + [nil]
    execv(path, &pointers)
    throw EngineMissing(path: path, reason: String(cString: strerror(errno)))
  }

  /// Runs the engine beside this process and waits for its end.
  ///
  /// Both write to the same standard output and standard error.
  ///
  /// - Throws: ``EngineMissing``; `ExitCode` with that of the engine if it failed, which has then
  ///   printed why.
  static func run(_ arguments: [String]) throws {
    if let problem { throw problem }
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    try process.run()
    process.waitUntilExit()
    let status = process.terminationStatus
    if process.terminationReason == .uncaughtSignal { throw ExitCode(128 + status) }
    if status != 0 { throw ExitCode(status) }
  }

  private static let path = (Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0]))
    .resolvingSymlinksInPath().deletingLastPathComponent().appending(path: name)
    .path(percentEncoded: false)

  /// Why the engine cannot be run; nil where it can.
  private static var problem: EngineMissing? {
    guard access(path, X_OK) != 0 else { return nil }
    return EngineMissing(path: path, reason: String(cString: strerror(errno)))
  }
}

/// The engine is not where it should be, or the system refuses to run it.
struct EngineMissing: ExplainedError {
  let path: String
  let reason: String

  var kind: FailureKind { .missingPart }

  var description: String {
    """
    \(path): the part of cytoself with libtorch, which this command needs, cannot be run (\(reason)). \
    Build it where libtorch is, with `swift build -c release --product \(EngineProgram.name)`, and \
    keep both programs in one folder.
    """
  }
}
