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
