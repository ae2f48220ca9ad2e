import Foundation

/// Some crops side by side in memory, ready for a model.
public struct Batch: Sendable {
  /// The epoch it belongs to, from 0.
  public let epoch: Int
  /// Its place in the epoch, from 0.
  public let index: Int
  /// The rows of the data set its crops come from.
  public let rows: [Int]
  /// The class of each crop, -1 where it has none; empty without a label book.
  public let labels: [Int64]
  /// The pixels, `[batch, channel, height, width]` in C order.
  public let images: ImageBuffer
  /// The sizes of the pixels: `[batch, channel, height, width]`.
  public let shape: [Int]

  /// Number of crops; the last batch of an epoch may have fewer than the others.
  public var count: Int { rows.count }
}

/// Memory with the pixels of a batch, used again for a later batch when nobody holds this one.
public final class ImageBuffer: @unchecked Sendable {
  // Unchecked: written by one loader thread before the batch is handed over, only read after that.
  private let memory: UnsafeMutableBufferPointer<Float>
  private let pool: ImageBufferPool
  /// Number of floats.
  public let count: Int

  init(count: Int, pool: ImageBufferPool) {
    self.count = count
    self.pool = pool
    memory = pool.take(atLeast: count)
  }

  deinit { pool.giveBack(memory) }

  /// The room to fill.
  var mutable: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(rebasing: memory[..<count])
  }

  /// Calls a closure with the pixels; the pointer is valid inside of it.
  public func withUnsafeBufferPointer<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeBufferPointer(rebasing: memory[..<count]))
  }

  /// A copy of the pixels.
  public var floats: [Float] { Array(memory[..<count]) }
}

/// Blocks of memory that go round, so that no batch pays for fresh pages.
final class ImageBufferPool: @unchecked Sendable {
  // Unchecked: `free` is touched under the lock alone.
  private let lock = NSLock()
  private var free: [UnsafeMutableBufferPointer<Float>] = []
  private static let most = 8

  deinit {
    for block in free { block.deallocate() }
  }

  func take(atLeast count: Int) -> UnsafeMutableBufferPointer<Float> {
    lock.lock()
    defer { lock.unlock() }
    if let index = free.lastIndex(where: { $0.count >= count }) { return free.remove(at: index) }
    let raw = UnsafeMutableRawBufferPointer.allocate(
      byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
    return raw.bindMemory(to: Float.self)
  }

  func giveBack(_ block: UnsafeMutableBufferPointer<Float>) {
    lock.lock()
    defer { lock.unlock() }
    if free.count < Self.most { free.append(block) } else { block.deallocate() }
  }
}
