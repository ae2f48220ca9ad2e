public import Testing
import Foundation
import Torch

/// Checks that the suites that carry it leave no tensor behind.
///
/// The count of live tensors belongs to the process, and suites run side by side. So the count is
/// compared whenever the last of the running suites ends: it must be what it was when the first
/// began.
public struct LeavesNoTensor: SuiteTrait, TestScoping {
  /// Runs a suite, and looks for tensors left behind when no other is running.
  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    Ledger.shared.enter()
    let result: Result<Void, any Error>
    do {
      try await function()
      result = .success(())
    } catch {
      result = .failure(error)
    }
    let left = Ledger.shared.leave()
    #expect(left == 0, "tensors are still alive after \(test.name) and the suites beside it")
    try result.get()
  }
}

extension Trait where Self == LeavesNoTensor {
  /// Checks that no tensor is left behind.
  public static var leavesNoTensor: LeavesNoTensor { LeavesNoTensor() }
}

/// The suites that are running, and the tensors there were before the first of them.
private final class Ledger: @unchecked Sendable {
  // Unchecked: both variables are touched under the lock alone.
  static let shared = Ledger()
  private let lock = NSLock()
  private var running = 0
  private var before = 0

  func enter() {
    lock.withLock {
      if running == 0 { before = Tensor.liveCount }
      running += 1
    }
  }

  /// How many tensors were left behind; 0 while other suites run.
  func leave() -> Int {
    lock.withLock {
      running -= 1
      return running == 0 ? Tensor.liveCount - before : 0
    }
  }
}
