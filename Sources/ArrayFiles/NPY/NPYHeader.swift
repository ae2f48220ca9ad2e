import Foundation

/// What the first bytes of an npy file say: the kind of elements, their order and the shape.
struct NPYHeader: Equatable {
  /// The `descr` of NumPy.
  enum Descriptor: Equatable {
    case elements(ElementType, bigEndian: Bool)
    /// Text of a fixed number of code points.
    case unicode(length: Int, bigEndian: Bool)
    /// Text of a fixed number of bytes.
    case bytes(length: Int)
    /// Pickled Python objects.
    case object
  }

  var descriptor: Descriptor
  var isFortranOrder: Bool
  var shape: [Int]
  /// The product of the shape.
  var elementCount: Int
  /// Where the data begin.
  var dataOffset: Int

  static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
  /// NumPy writes a few hundred bytes; no array without fields needs more than this.
  static let longestHeader = 65_536
  static let highestRank = 64

  /// Parses the header at the start of `bytes`.
  init(_ bytes: UnsafeRawBufferPointer, file url: URL) throws(ArrayFileError) {
    func bad(_ problem: String, at byte: Int? = nil, advice: String? = nil) -> ArrayFileError {
      ArrayFileError(
        .badData, url, place: byte.map { "byte \($0)" }, problem: problem, advice: advice)
    }
    guard bytes.count > 0 else {
      throw bad("the file is empty", advice: "Copy it again from its source")
    }
    guard bytes.count >= 10, bytes.prefix(6).elementsEqual(Self.magic) else {
      throw bad(
        "is not an npy file, it does not begin with \\x93NUMPY", at: 0,
        advice: "Save the array with numpy.save")
    }
    let major = bytes[6]
    var length: Int
    let start: Int
    switch major {
    case 1:
      length = Int(bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self).littleEndian)
      start = 10
    case 2, 3:
      guard bytes.count >= 12 else { throw bad("the file ends inside its header", at: 8) }
      length = Int(bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self).littleEndian)
      start = 12
    default:
      throw bad("has npy format version \(major).\(bytes[7]); 1, 2 and 3 are known", at: 6)
    }
    guard length <= Self.longestHeader else {
      throw bad(
        "claims a header of \(length) bytes; at most \(Self.longestHeader) make sense", at: 8)
    }
    guard start + length <= bytes.count else {
      throw bad(
        "the file ends inside its header: \(start + length) bytes expected, \(bytes.count) found",
        at: bytes.count, advice: "Copy it again from its source")
    }
    let text = UnsafeRawBufferPointer(rebasing: bytes[start..<start + length])
    var literal = PythonLiteral(text, offset: start, file: url)
    let fields = try literal.headerDictionary()
    length += start
    descriptor = try Self.descriptor(fields.descriptor, file: url)
    isFortranOrder = fields.isFortranOrder
    shape = fields.shape
    dataOffset = length
    guard shape.count <= Self.highestRank else {
      throw bad("claims \(shape.count) axes; at most \(Self.highestRank) are allowed")
    }
    // Zero-length axes must not hide an overflow: strides are products of the other axes.
    var product = 1
    for size in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: max(size, 1))
      guard !overflow, next <= Int.max / 4096 else {
        throw bad("claims a shape of \(shape), more elements than memory can address")
      }
      product = next
    }
    elementCount = shape.contains(0) ? 0 : product
  }

  /// Understands a dtype such as `<f4`.
  static func descriptor(_ text: String, file url: URL) throws(ArrayFileError) -> Descriptor {
    func unknown() -> ArrayFileError {
      ArrayFileError(
        .badData, url, place: "header",
        problem: "has elements of NumPy type '\(text.prefix(40))', "
          + "which this program does not read",
        advice: text.dropFirst().lowercased().hasPrefix("m8")
          ? "Save dates and times as text, with array.astype(str)"
          : "Convert it, for example with array.astype('float32')")
    }
    let bytes = Array(text.utf8)
    guard bytes.count >= 2 else { throw unknown() }
    let order = bytes[0]
    guard "<>|=".utf8.contains(order) else { throw unknown() }
    let bigEndian = order == UInt8(ascii: ">")
    guard bytes.count <= 12, bytes.dropFirst(2).allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
      throw unknown()
    }
    let size = Int(String(decoding: bytes.dropFirst(2), as: UTF8.self))
    let element: ElementType
    switch (bytes[1], size) {
    case (UInt8(ascii: "O"), _): return .object
    case (UInt8(ascii: "U"), let size?) where size <= 1 << 24:
      return .unicode(length: size, bigEndian: bigEndian)
    case (UInt8(ascii: "S"), let size?) where size <= 1 << 26: return .bytes(length: size)
    case (UInt8(ascii: "b"), 1): element = .bool
    case (UInt8(ascii: "u"), 1): element = .uint8
    case (UInt8(ascii: "u"), 2): element = .uint16
    case (UInt8(ascii: "u"), 4): element = .uint32
    case (UInt8(ascii: "u"), 8): element = .uint64
    case (UInt8(ascii: "i"), 1): element = .int8
    case (UInt8(ascii: "i"), 2): element = .int16
    case (UInt8(ascii: "i"), 4): element = .int32
    case (UInt8(ascii: "i"), 8): element = .int64
    case (UInt8(ascii: "f"), 2): element = .float16
    case (UInt8(ascii: "f"), 4): element = .float32
    case (UInt8(ascii: "f"), 8): element = .float64
    default: throw unknown()
    }
    return .elements(element, bigEndian: bigEndian && element.byteCount > 1)
  }

  /// The `descr` NumPy uses for an element type; nil for bfloat16, which it does not know.
  static func numPyName(_ type: ElementType) -> String? {
    switch type {
    case .bool: "|b1"
    case .uint8: "|u1"
    case .int8: "|i1"
    case .uint16: "<u2"
    case .int16: "<i2"
    case .uint32: "<u4"
    case .int32: "<i4"
    case .uint64: "<u8"
    case .int64: "<i8"
    case .float16: "<f2"
    case .float32: "<f4"
    case .float64: "<f8"
    case .bfloat16: nil
    }
  }

  /// A version 1 header of the given length (a multiple of 64), or of the least one.
  static func encoded(descriptor: String, shape: [Int], length: Int? = nil) -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let text = "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': (\(sizes)), }"
    let least = (magic.count + 4 + text.utf8.count + 1 + 63) / 64 * 64
    let total = max(length ?? least, least)
    var bytes = magic + [1, 0]
    let rest = total - 10
    bytes += [UInt8(rest & 0xFF), UInt8(rest >> 8)]
    bytes += Array(text.utf8)
    bytes += [UInt8](repeating: 0x20, count: total - bytes.count - 1) + [0x0A]
    return bytes
  }
}
