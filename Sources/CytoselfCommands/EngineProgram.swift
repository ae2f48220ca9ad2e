import ArrayFiles
import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The program with libtorch, which lies beside this one.
enum EngineProgram {
  static let name = "cytoself-engine"

  /// Turns this process into the engine, with the same arguments, environment and files.
  ///
  /// It stays one process: signals, exit code, terminal and time limits are the engine's own.
  static func start() throws -> Never {
    let here = (Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0]))
      .resolvingSymlinksInPath()
    let path = here.deletingLastPathComponent().appending(path: name).path(percentEncoded: false)
    var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
    execv(path, &arguments)
    throw EngineMissing(path: path, reason: String(cString: strerror(errno)))
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
