public import Foundation

extension NPY {
  /// Reads a label array as text in C order.
  ///
  /// Unicode (`<U`) and byte (`|S`) arrays, pickled object arrays (read as data, never run), and
  /// numbers as they print. `None`, NaN and the missing values of pandas become the empty text.
  ///
  /// - Throws: `badData` naming the element that is no label; the errors of `MappedFile`.
  public static func strings(_ url: URL) throws(ArrayFileError) -> (shape: [Int], values: [String])
  {
    let file = try MappedFile(url)
    return try strings(ByteBlock(file, 0..<file.byteCount), file: url)
  }

  /// Reads the label array that a block holds, header and all.
  static func strings(
    _ block: ByteBlock, file url: URL
  ) throws(ArrayFileError) -> (shape: [Int], values: [String]) {
    let header = try NPYHeader(block.bytes, file: url)
    let strides = NPYFile.strides(of: header.shape, fortranOrder: header.isFortranOrder)
    switch header.descriptor {
    case .unicode(let length, let bigEndian):
      let data = try checked(block.bytes, header, width: length * 4, file: url)
      let values = try fixedWidth(data, header, strides, width: length * 4) {
        element, place throws(ArrayFileError) in
        try unicode(element, bigEndian: bigEndian, file: url, element: place)
      }
      return (header.shape, values)
    case .bytes(let length):
      let data = try checked(block.bytes, header, width: length, file: url)
      let values = try fixedWidth(data, header, strides, width: length) {
        element, place throws(ArrayFileError) in
        let end = element.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        let text = UnsafeRawBufferPointer(rebasing: element[..<end])
        guard UTF8Text.firstInvalid(text) == nil else {
          throw ArrayFileError(
            .badData, url, place: "element \(place)", problem: "is not valid UTF-8")
        }
        return String(decoding: text, as: UTF8.self)
      }
      return (header.shape, values)
    case .object:
      let data = UnsafeRawBufferPointer(rebasing: block.bytes[header.dataOffset...])
      let pickle = try Pickle(data, file: url, offset: header.dataOffset)
      return (header.shape, try PickledArray.strings(pickle, shape: header.shape, file: url))
    case .elements(let type, _):
      let array = try NPY.array(block, name: "array", file: url)
      if type.isFloatingPoint {
        return (array.shape, array.doubles().map { $0.isNaN ? "" : "\($0)" })
      }
      let numbers: [Int64] = array.wholeNumbers()
      if type == .bool { return (array.shape, numbers.map { $0 == 0 ? "False" : "True" }) }
      return (
        array.shape, numbers.map { type == .uint64 ? "\(UInt64(bitPattern: $0))" : "\($0)" }
      )
    }
  }

  private static func checked(
    _ bytes: UnsafeRawBufferPointer, _ header: NPYHeader, width: Int, file url: URL
  ) throws(ArrayFileError) -> UnsafeRawBufferPointer {
    let (size, overflow) = header.elementCount.multipliedReportingOverflow(by: width)
    let available = bytes.count - header.dataOffset
    // Texts of no width take no bytes, but each takes memory here.
    guard !overflow, size <= available, width > 0 || header.elementCount <= 1 << 20 else {
      throw ArrayFileError(
        .badData, url, place: "byte \(bytes.count)",
        problem: "the file is cut short: shape \(header.shape) of texts of \(width) bytes needs "
          + "more than the \(available) bytes that are there",
        advice: "Copy it again from its source")
    }
    return UnsafeRawBufferPointer(
      rebasing: bytes[header.dataOffset..<header.dataOffset + size])
  }

  private static func fixedWidth(
    _ data: UnsafeRawBufferPointer, _ header: NPYHeader, _ strides: [Int], width: Int,
    _ decode: (UnsafeRawBufferPointer, Int) throws(ArrayFileError) -> String
  ) throws(ArrayFileError) -> [String] {
    var values: [String] = []
    values.reserveCapacity(header.elementCount)
    var index = [Int](repeating: 0, count: header.shape.count)
    for place in 0..<header.elementCount {
      let offset = zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 } * width
      values.append(
        try decode(UnsafeRawBufferPointer(rebasing: data[offset..<offset + width]), place))
      var axis = header.shape.count - 1
      while axis >= 0 {
        index[axis] += 1
        if index[axis] < header.shape[axis] { break }
        index[axis] = 0
        axis -= 1
      }
    }
    return values
  }

  /// Decodes code points of four bytes, without the zeros at the end.
  static func unicode(
    _ bytes: UnsafeRawBufferPointer, bigEndian: Bool, file url: URL, element: Int
  ) throws(ArrayFileError) -> String {
    var scalars = String.UnicodeScalarView()
    var pendingZeros = 0
    for place in stride(from: 0, to: bytes.count - 3, by: 4) {
      let raw = bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)
      let value = bigEndian ? raw.bigEndian : raw.littleEndian
      if value == 0 {
        pendingZeros += 1
        continue
      }
      guard let scalar = Unicode.Scalar(value) else {
        throw ArrayFileError(
          .badData, url, place: "element \(element)",
          problem: "has the code point \(value), which is no character")
      }
      while pendingZeros > 0 {
        scalars.append("\u{0}")
        pendingZeros -= 1
      }
      scalars.append(scalar)
    }
    return String(scalars)
  }
}
