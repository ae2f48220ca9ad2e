import Foundation

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
