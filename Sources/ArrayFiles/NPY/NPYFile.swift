public import Foundation

/// One npy array, mapped into memory.
///
/// Opening reads the header alone; elements are touched when they are read. Numbers are
/// little-endian; formats 1, 2 and 3, C and Fortran order are read.
public final class NPYFile: Sendable {
  /// Where the file is.
  public var url: URL { file.url }
  /// The size of each axis, outermost first; empty for a single number.
  public let shape: [Int]
  /// The kind of the elements.
  public let elementType: ElementType
  /// Whether the first axis is the fastest in the file.
  public let isFortranOrder: Bool
  /// The distance between neighbours along each axis, in elements.
  public let strides: [Int]
  /// The product of the shape.
  public let count: Int
  /// Bytes in the file after the array; NumPy ignores them, a checker may warn.
  public let trailingByteCount: Int

  /// Where the first element lies in the file, in bytes.
  public let dataOffset: Int

  let file: MappedFile

  /// Opens a file and checks its header and length.
  ///
  /// - Throws: `badData` when it is no npy file, is cut short, or holds something else than
  ///   numbers; the errors of `MappedFile` otherwise.
  public init(_ url: URL) throws(ArrayFileError) {
    let file = try MappedFile(url)
    let header = try NPYHeader(file.bytes, file: url)
    let layout = try NPY.numbers(header, byteCount: file.byteCount, file: url)
    self.file = file
    shape = header.shape
    count = header.elementCount
    isFortranOrder = header.isFortranOrder
    dataOffset = header.dataOffset
    elementType = layout.elementType
    trailingByteCount = file.byteCount - header.dataOffset - layout.byteCount
    strides = Self.strides(of: header.shape, fortranOrder: header.isFortranOrder)
  }

  /// The elements as they lie in the file, without header; valid as long as the object lives.
  public var bytes: UnsafeRawBufferPointer {
    let end = dataOffset + count * elementType.byteCount
    return UnsafeRawBufferPointer(rebasing: file.bytes[dataOffset..<end])
  }

  /// The whole array as `float32` in C order; for files that fit in memory.
  ///
  /// - Throws: never today; a later version may read from slower places.
  public func floats() throws(ArrayFileError) -> [Float] {
    let layout = GatherLayout(sizes: shape, strides: strides)
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      layout.gather(bytes, elementType, into: buffer)
      initialized = count
    }
  }

  /// The whole array as `float64` in C order, exact for every type but 64-bit integers.
  ///
  /// - Throws: never today; a later version may read from slower places.
  public func doubles() throws(ArrayFileError) -> [Double] {
    let layout = GatherLayout(sizes: shape, strides: strides)
    return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      layout.gather(bytes, elementType, into: buffer)
      initialized = count
    }
  }

  /// The whole array as 64-bit whole numbers in C order.
  ///
  /// - Throws: `badData` when the file holds fractions, or a number above the largest `Int64`.
  public func int64s() throws(ArrayFileError) -> [Int64] {
    guard !elementType.isFloatingPoint else {
      throw ArrayFileError(
        .badData, url, place: "header",
        problem: "holds \(elementType.rawValue) where whole numbers were expected",
        advice: "Convert it: array.astype('int64')")
    }
    let layout = GatherLayout(sizes: shape, strides: strides)
    let values = [Int64](unsafeUninitializedCapacity: count) { buffer, initialized in
      layout.gather(bytes, elementType, into: buffer)
      initialized = count
    }
    if elementType == .uint64, let place = values.firstIndex(where: { $0 < 0 }) {
      throw ArrayFileError(
        .badData, url, place: "element \(place)",
        problem: "the number \(UInt64(bitPattern: values[place])) does not fit in 64 bits with sign"
      )
    }
    return values
  }

  static func strides(of shape: [Int], fortranOrder: Bool) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    var step = 1
    for axis in fortranOrder ? Array(shape.indices) : shape.indices.reversed() {
      strides[axis] = step
      step *= max(shape[axis], 1)
    }
    return strides
  }
}
