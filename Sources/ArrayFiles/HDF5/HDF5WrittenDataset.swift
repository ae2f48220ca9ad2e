internal import CHDF5

/// A dataset that is being written, range by range along its first axis.
///
/// Data go to the disk as they come, so it may be far larger than memory.
public final class HDF5WrittenDataset {
  private let writer: HDF5Writer
  private let identifier: Int64
  private let kind: Int32
  private let shape: [Int]
  private let rowByteCount: Int

  init(_ writer: HDF5Writer, _ identifier: Int64, kind: Int32, width: Int, shape: [Int]) {
    self.writer = writer
    self.identifier = identifier
    self.kind = kind
    self.shape = shape
    rowByteCount = shape.dropFirst().reduce(width, *)
  }

  // What the library still holds of it is written now.
  deinit { writer.close(dataset: identifier) }

  /// Writes entries of the first axis as they lie in memory, in C order.
  ///
  /// - Parameters:
  ///   - range: the entries; `0..<1` for a single number.
  ///   - bytes: their elements.
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func write(
    _ range: Range<Int>, _ bytes: UnsafeRawBufferPointer
  ) throws(ArrayFileError) {
    precondition(kind != HDF5Library.text, "A dataset of texts takes texts.")
    check(range)
    precondition(
      bytes.count == range.count * rowByteCount, "The bytes are not those of the entries \(range).")
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
    try writer.call {
      Int64(ch_write(identifier, kind, Int64(range.lowerBound), Int64(range.count), base))
    }
  }

  /// Writes entries of the first axis.
  ///
  /// - Parameters:
  ///   - range: the entries; `0..<1` for a single number.
  ///   - values: their elements in C order.
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func write<Element: ArrayElement>(
    _ range: Range<Int>, _ values: [Element]
  ) throws(ArrayFileError) {
    precondition(
      kind == HDF5Library.kind(Element.elementType), "The dataset is not of \(Element.self).")
    try withRawBytes(of: values) { bytes throws(ArrayFileError) in try write(range, bytes) }
  }

  /// Writes texts into a dataset of texts.
  func write(_ range: Range<Int>, _ texts: [String]) throws(ArrayFileError) {
    precondition(kind == HDF5Library.text, "A dataset of numbers takes numbers.")
    check(range)
    precondition(texts.count == range.count, "The texts are not those of the entries \(range).")
    guard !texts.isEmpty else { return }
    try writer.call {
      HDF5Library.withPointers(texts) {
        Int64(ch_write(identifier, kind, Int64(range.lowerBound), Int64(range.count), $0))
      }
    }
  }

  private func check(_ range: Range<Int>) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape.first ?? 1,
      "The dataset of shape \(shape) has no entries \(range).")
  }
}
