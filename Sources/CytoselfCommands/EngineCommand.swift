package import ArgumentParser

/// A command whose work needs libtorch.
///
/// Loading libtorch takes a quarter of a second and 130 MB, so only `cytoself-engine` is linked with
/// it. Both programs parse and check arguments with the same types. In the engine these commands are
/// ``EngineWork`` too, and in `cytoself`, which is without, they become the engine.
package protocol EngineCommand: AsyncParsableCommand {}

/// What a command does where libtorch is.
package protocol EngineWork: EngineCommand {
  /// Does the work.
  func work() async throws
}

extension EngineCommand {
  /// Does the work in the engine.
  package func run() async throws { try await workInEngine() }

  /// Does the work if this program is the engine, else becomes the engine.
  ///
  /// - Throws: what the work throws; ``EngineMissing``.
  package func workInEngine() async throws {
    guard let engine = self as? any EngineWork else { try EngineProgram.start() }
    try await engine.work()
  }
}
