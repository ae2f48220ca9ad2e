import Foundation

#if canImport(Glibc)
  import Glibc
#endif

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
        keepPriority()
        continuation.resume(with: Swift.Result { try body() })
      }
      thread.name = name
      // Backward passes through deep graphs recurse on this stack.
      thread.stackSize = 16 << 20
      thread.start()
    }
  }

  /// Gives this thread, and those it starts, the priority that the user gave the process.
  ///
  /// On Linux Swift's threads have priorities of their own, so that `nice cytoself train` would not be
  /// nice to others.
  private static func keepPriority() {
    #if canImport(Glibc)
      let process = __priority_which_t(PRIO_PROCESS.rawValue)
      setpriority(process, 0, getpriority(process, id_t(getpid())))
    #endif
  }
}
