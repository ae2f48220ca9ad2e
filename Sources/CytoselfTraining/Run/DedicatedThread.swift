import Foundation

/// A thread for work that must stay on one: libtorch's grad mode belongs to the thread.
public enum DedicatedThread {
  /// Runs `body` on a new thread and waits for its result without blocking Swift's own threads.
  ///
  /// - Throws: what `body` throws.
  public static func run<Result: Sendable>(
    name: String, _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      let thread = Thread {
        continuation.resume(with: Swift.Result { try body() })
      }
      thread.name = name
      // Backward passes through deep graphs recurse on this stack.
      thread.stackSize = 16 << 20
      thread.start()
    }
  }
}
