import Foundation

/// Batches that threads make a few ahead and a user takes in order.
final class PrefetchQueue: @unchecked Sendable {
  // Unchecked: every variable is touched under the condition's lock alone.
  private let condition = NSCondition()
  private var ready: [Int: Result<Batch?, CellDataError>] = [:]
  private var nextToMake: Int
  private var nextToTake: Int
  private let end: Int
  private let prefetch: Int
  private var running = 0
  private var cancelled = false

  init(_ range: Range<Int>, prefetch: Int) {
    nextToMake = range.lowerBound
    nextToTake = range.lowerBound
    end = range.upperBound
    self.prefetch = prefetch
  }

  func start(_ threads: Int, _ body: @escaping @Sendable () -> Void) {
    running = threads
    for _ in 0..<threads {
      let thread = Thread { [self] in
        body()
        locked { running -= 1 }
      }
      thread.name = "cytoself loader"
      thread.start()
    }
  }

  /// The next batch to make, when there is room for it; nil when there is nothing left to do.
  func claim() -> Int? {
    condition.lock()
    defer { condition.unlock() }
    while !cancelled, nextToMake < end, nextToMake >= nextToTake + prefetch { condition.wait() }
    guard !cancelled, nextToMake < end else { return nil }
    defer { nextToMake += 1 }
    return nextToMake
  }

  func deliver(_ result: Result<Batch?, CellDataError>, _ index: Int) {
    locked { if !cancelled { ready[index] = result } }
  }

  func take() throws(CellDataError) -> Batch? {
    condition.lock()
    while !cancelled, nextToTake < end, ready[nextToTake] == nil { condition.wait() }
    let result = cancelled ? nil : ready.removeValue(forKey: nextToTake)
    if result != nil { nextToTake += 1 }
    condition.broadcast()
    condition.unlock()
    guard let result else { return nil }
    if case .failure = result { cancel() }
    return try result.get()
  }

  var isCancelled: Bool {
    condition.lock()
    defer { condition.unlock() }
    return cancelled
  }

  func cancel() {
    condition.lock()
    cancelled = true
    ready.removeAll()
    condition.broadcast()
    while running > 0 { condition.wait() }
    condition.unlock()
  }

  private func locked(_ body: () -> Void) {
    condition.lock()
    body()
    condition.broadcast()
    condition.unlock()
  }
}
