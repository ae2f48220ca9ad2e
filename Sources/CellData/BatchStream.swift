import Foundation

/// The batches of one epoch, made ahead by threads of their own and handed over in order.
///
/// A `for` loop cannot throw from its sequence, so ask for one after the other:
/// `while let batch = try stream.next() { ... }`. `next` waits on a thread; it is meant for a
/// training loop, not for Swift's cooperative threads.
public final class BatchStream: Sendable {
  private let work: Work

  init(_ loader: BatchLoader, epoch: Int, first: Int, order: [UInt32]?) {
    work = Work(
      first: first, end: loader.batchesPerEpoch, prefetch: loader.options.prefetch)
    let threads = min(loader.options.threads, max(loader.batchesPerEpoch - first, 0))
    work.start(threads) { [work] in
      let reader = CropReader(loader.data)
      while let index = work.claim() {
        let result = Result { () throws(CellDataError) in
          try loader.batch(epoch: epoch, index: index, order: order, reader: reader) {
            !work.isCancelled
          }
        }
        work.deliver(result, index)
      }
    }
  }

  deinit { work.cancel() }

  /// Waits for the next batch.
  ///
  /// - Returns: nil after the last batch of the epoch, or after `cancel`.
  /// - Throws: what reading a crop of this batch threw; batches before it were handed over.
  public func next() throws(CellDataError) -> Batch? { try work.take() }

  /// Stops the threads and waits until they have ended; at most a crop per thread is still read.
  public func cancel() { work.cancel() }
}

/// What the threads of a stream and its user share.
private final class Work: @unchecked Sendable {
  // Unchecked: every variable is touched under the condition's lock alone.
  private let condition = NSCondition()
  private var ready: [Int: Result<Batch?, CellDataError>] = [:]
  private var nextToMake: Int
  private var nextToTake: Int
  private let end: Int
  private let prefetch: Int
  private var running = 0
  private var cancelled = false

  init(first: Int, end: Int, prefetch: Int) {
    nextToMake = first
    nextToTake = first
    self.end = end
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
