import Foundation

/// A stretch of bytes that stays where it is: part of a mapped file, or memory of its own.
package final class ByteBlock: Sendable {
  /// What keeps the bytes alive when they are not the block's own.
  private let file: MappedFile?
  private let whole: ByteBlock?
  private nonisolated(unsafe) let start: UnsafeRawPointer?
  private nonisolated(unsafe) let owned: UnsafeMutableRawBufferPointer?
  /// The number of bytes.
  package let count: Int

  /// Part of a mapped file.
  init(_ file: MappedFile, _ range: Range<Int>) {
    self.file = file
    whole = nil
    start = file.bytes.baseAddress.map { UnsafeRawPointer($0) + range.lowerBound }
    owned = nil
    count = range.count
  }

  /// Memory that the block frees when it goes away.
  init(owning buffer: UnsafeMutableRawBufferPointer) {
    file = nil
    whole = nil
    start = UnsafeRawPointer(buffer.baseAddress)
    owned = buffer
    count = buffer.count
  }

  private init(_ whole: ByteBlock, _ range: Range<Int>) {
    file = nil
    self.whole = whole
    start = whole.start.map { $0 + range.lowerBound }
    owned = nil
    count = range.count
  }

  /// A part of the block, which keeps the whole alive.
  func part(_ range: Range<Int>) -> ByteBlock {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count, "The part lies outside the block.")
    return ByteBlock(self, range)
  }

  deinit { owned?.deallocate() }

  /// The bytes; valid as long as the block lives.
  package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }
}
