import Dispatch
import Foundation

/// A number of threads to share tasks among.
///
/// The tasks of a computation are cut by its size, never by the number of threads, so results do
/// not depend on it unless a type says otherwise.
public struct Workers: Sendable {
  /// The number of threads, at least 1.
  public let count: Int

  /// Workers on `count` threads; nil takes one per processor.
  public init(_ count: Int? = nil) {
    self.count = max(1, count ?? ProcessInfo.processInfo.activeProcessorCount)
  }

  /// Calls `body(task, worker)` for every task in 0..<tasks, each once; worker is in 0..<count.
  ///
  /// A thread takes the next task as soon as it is free. Calls of one worker never overlap.
  package func forEach(_ tasks: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    guard count > 1, tasks > 1 else {
      for task in 0..<tasks { body(task, 0) }
      return
    }
    let queue = TaskQueue(tasks)
    withoutActuallyEscaping(body) { body in
      let shared = SharedBody(call: body)
      DispatchQueue.concurrentPerform(iterations: min(count, tasks)) { worker in
        while let task = queue.next() { shared.call(task, worker) }
      }
    }
  }

  /// Cuts 0..<total into ranges of at most `size` and calls `body(range, worker)` for each.
  func forEachRange(of total: Int, size: Int, _ body: (_ range: Range<Int>, _ worker: Int) -> Void)
  {
    let tasks = (total + size - 1) / size
    forEach(tasks) { task, worker in
      body(task * size..<min(total, (task + 1) * size), worker)
    }
  }
}

/// A closure that several threads call; its tasks write to places of their own.
private struct SharedBody: @unchecked Sendable {
  let call: (Int, Int) -> Void
}

/// Hands out 0..<tasks, each number once.
private final class TaskQueue: @unchecked Sendable {
  private let lock = NSLock()
  private let tasks: Int
  private var taken = 0

  init(_ tasks: Int) { self.tasks = tasks }

  func next() -> Int? {
    lock.lock()
    defer { lock.unlock() }
    guard taken < tasks else { return nil }
    taken += 1
    return taken - 1
  }
}
