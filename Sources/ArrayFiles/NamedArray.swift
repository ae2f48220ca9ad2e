import Foundation

/// An array with a name, as every reader of weight files gives it.
///
/// Its elements lie in a mapped file or in memory, perhaps shared with other arrays and in any
/// order of axes; they are brought into C order when read.
public struct NamedArray: Sendable {
  /// The name in the file; for a state dictionary its key.
  public let name: String
  /// The kind of the elements.
  public let elementType: ElementType
  /// The size of each axis, outermost first.
  public let shape: [Int]
  /// The number of elements.
  public let count: Int

  private let block: ByteBlock
  /// Where the first element lies, in elements, and the step along each axis.
  private let offset: Int
  private let strides: [Int]

  /// Makes an array of a stretch of bytes; strides and offset count elements.
  ///
  /// - Throws: `badData` when an element would lie outside the block.
  init(
    name: String, elementType: ElementType, shape: [Int], strides: [Int]? = nil, offset: Int = 0,
    block: ByteBlock, file url: URL
  ) throws(ArrayFileError) {
    func bad(_ problem: String) -> ArrayFileError {
      ArrayFileError(.badData, url, place: "tensor '\(name.prefix(200))'", problem: problem)
    }
    guard shape.allSatisfy({ $0 >= 0 }), let count = PickledArray.count(shape.map { max($0, 1) }),
      count <= Int.max / 64
    else { throw bad("has a shape that makes no sense: \(shape)") }
    let strides = strides ?? NPYFile.strides(of: shape, fortranOrder: false)
    guard strides.count == shape.count, offset >= 0, strides.allSatisfy({ $0 >= 0 }) else {
      throw bad("has shape \(shape) but strides \(strides) and offset \(offset)")
    }
    self.count = shape.contains(0) ? 0 : count
    if self.count > 0 {
      var last = offset
      for (size, stride) in zip(shape, strides) {
        let (step, high) = stride.multipliedReportingOverflow(by: size - 1)
        let (next, carry) = last.addingReportingOverflow(step)
        guard !high, !carry else { throw bad("has strides too large to address") }
        last = next
      }
      let available = block.count / elementType.byteCount
      guard last < available else {
        throw bad(
          "of shape \(shape) reaches to element \(last), its data end at \(available)")
      }
    }
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.block = block
    self.offset = offset
    self.strides = strides
  }

  private init(_ other: NamedArray, name: String) {
    self.name = name
    elementType = other.elementType
    shape = other.shape
    count = other.count
    block = other.block
    offset = other.offset
    strides = other.strides
  }

  /// The bytes the elements take in C order.
  public var byteCount: Int { count * elementType.byteCount }

  /// The same array under another name.
  public func renamed(_ name: String) -> NamedArray { NamedArray(self, name: name) }

  /// Hands the elements in C order, little-endian, to a closure; copies only when they lie
  /// otherwise.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let width = elementType.byteCount
    let bytes = block.bytes
    guard count > 0 else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
    if strides == NPYFile.strides(of: shape, fortranOrder: false) || count == 1 {
      return try body(
        UnsafeRawBufferPointer(rebasing: bytes[offset * width..<(offset + count) * width]))
    }
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    defer { copy.deallocate() }
    layout.copy(
      UnsafeRawBufferPointer(rebasing: bytes[(offset * width)...]), width: width, into: copy)
    return try body(UnsafeRawBufferPointer(copy))
  }

  /// The elements as `float32` in C order.
  public func floats() -> [Float] { converted() }

  /// The elements as `float64` in C order.
  public func doubles() -> [Double] { converted() }

  /// The elements as 64-bit whole numbers; fractions are rounded.
  func wholeNumbers() -> [Int64] { converted() }

  private var layout: GatherLayout { GatherLayout(sizes: shape, strides: strides) }

  private func converted<Output: GatheredNumber>() -> [Output] {
    guard count > 0 else { return [] }
    let source = UnsafeRawBufferPointer(
      rebasing: block.bytes[(offset * elementType.byteCount)...])
    return [Output](unsafeUninitializedCapacity: count) { buffer, initialized in
      layout.gather(source, elementType, into: buffer)
      initialized = count
    }
  }
}
