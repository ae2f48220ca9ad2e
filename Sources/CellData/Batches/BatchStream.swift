/// The batches of one epoch, made ahead by threads of their own and handed over in order.
///
/// A `for` loop cannot throw from its sequence, so batches are taken one by one:
/// `while let batch = try stream.next() { ... }`. `next` waits on a thread; it is meant for a
/// training loop, not for Swift's cooperative threads.
public final class BatchStream: Sendable {
  private let queue: PrefetchQueue

  init(_ maker: BatchMaker, range: Range<Int>, threads: Int, prefetch: Int) {
    let queue = PrefetchQueue(range, prefetch: prefetch)
    self.queue = queue
    queue.start(min(threads, range.count)) {
      let reader = CropReader(maker.data)
      while let index = queue.claim() {
        let result = Result { () throws(CellDataError) in
          try maker.batch(index, reader: reader) { !queue.isCancelled }
        }
        queue.deliver(result, index)
      }
    }
  }

  deinit { queue.cancel() }

  /// Waits for the next batch.
  ///
  /// - Returns: nil after the last batch of the epoch, or after `cancel`.
  /// - Throws: what reading a crop of this batch threw; batches before it were handed over.
  public func next() throws(CellDataError) -> Batch? { try queue.take() }

  /// Stops the threads and waits until they have ended; at most a crop per thread is still read.
  public func cancel() { queue.cancel() }
}
