import Foundation
import Testing

/// The `cytoself` that was built with these tests, run as a user would run it.
struct BuiltProgram {
  /// What one run printed and how it ended.
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
    /// True when the run was ended because it took too long, or a signal ended it.
    let wasKilled: Bool
  }

  /// A run that could not be started or did not end in time.
  struct RunError: Error, CustomStringConvertible {
    let description: String
  }

  /// Where the program is: beside the test bundle, unless CYTOSELF_PROGRAM names another.
  static let url: URL = {
    if let path = ProcessInfo.processInfo.environment["CYTOSELF_PROGRAM"] {
      return URL(filePath: path)
    }
    let bundle =
      Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
      ?? URL(filePath: CommandLine.arguments[0])
    return bundle.deletingLastPathComponent().appending(path: "cytoself")
  }()

  /// Each run has threads of its own; more than two at once only wait for each other.
  private static let gate = Gate(places: 2)

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - arguments: what follows the program's name.
  ///   - directory: the working folder.
  ///   - environment: variables added to this process's own.
  ///   - timeLimit: seconds after which the run is killed, and the test fails.
  static func run(
    _ arguments: [String], in directory: URL? = nil, environment: [String: String] = [:],
    timeLimit: Double = 120
  ) async throws -> Outcome {
    try await run(
      program: url, arguments, in: directory, environment: environment, timeLimit: timeLimit)
  }

  /// Runs any program to its end, for tests that need a shell around `cytoself`.
  static func run(
    program: URL, _ arguments: [String], in directory: URL? = nil,
    environment: [String: String] = [:], timeLimit: Double = 120
  ) async throws -> Outcome {
    await gate.enter()
    defer { Task { await gate.leave() } }
    // Files, not pipes: a full pipe would stop the program until someone reads it.
    let folder = try TemporaryFolder()
    let output = folder.url.appending(path: "stdout")
    let errors = folder.url.appending(path: "stderr")
    for url in [output, errors] {
      guard FileManager.default.createFile(atPath: url.path(percentEncoded: false), contents: nil)
      else { throw RunError(description: "cannot write \(url.path(percentEncoded: false))") }
    }
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = directory ?? folder.url
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)

    let limit = Task { [pid = ProcessBox(process)] in
      try await Task.sleep(for: .seconds(timeLimit))
      pid.kill()
    }
    defer { limit.cancel() }
    let began = ContinuousClock.now
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in done.resume() }
      do { try process.run() } catch {
        process.terminationHandler = nil
        done.resume(throwing: error)
      }
    }
    let outcome = Outcome(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self),
      wasKilled: process.terminationReason == .uncaughtSignal)
    if outcome.wasKilled && ContinuousClock.now - began >= .seconds(timeLimit) {
      throw RunError(
        description: "cytoself \(arguments.joined(separator: " ")) took over \(timeLimit) s; it had"
          + " printed:\n\(outcome.output)\n\(outcome.errors)")
    }
    return outcome
  }
}

/// A process that a timer may kill from another thread.
private final class ProcessBox: @unchecked Sendable {
  private let process: Process

  init(_ process: Process) { self.process = process }

  func kill() {
    guard process.isRunning else { return }
    _ = signalProcess(process.processIdentifier)
  }

  private func signalProcess(_ identifier: Int32) -> Int32 {
    #if canImport(Glibc)
      Glibc.kill(identifier, SIGKILL)
    #else
      Darwin.kill(identifier, SIGKILL)
    #endif
  }
}

/// Lets a fixed number of tasks in at a time.
private actor Gate {
  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(places: Int) { free = places }

  func enter() async {
    if free > 0 {
      free -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  func leave() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}
