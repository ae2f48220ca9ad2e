public import Foundation

/// Whole npy files at once.
public enum NPY {
  /// Writes an array in C order; the file appears when it is complete.
  ///
  /// - Throws: `inputOutput` when the folder does not exist or the disk is full or fails.
  public static func write<Element: ArrayElement>(
    _ values: [Element], shape: [Int], to url: URL
  ) throws(ArrayFileError) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count,
      "The shape \(shape) does not hold \(values.count) values.")
    guard let descriptor = NPYHeader.numPyName(Element.elementType) else {
      preconditionFailure("npy files cannot hold \(Element.elementType.rawValue).")
    }
    let file = try AtomicFile(url)
    try file.write(NPYHeader.encoded(descriptor: descriptor, shape: shape))
    try withRawBytes(of: values) { bytes throws(ArrayFileError) in try file.write(bytes) }
    try file.finish()
  }

  /// The array a block holds, header and all.
  static func array(
    _ block: ByteBlock, name: String, file url: URL
  ) throws(ArrayFileError) -> NamedArray {
    let header = try NPYHeader(block.bytes, file: url)
    let layout = try numbers(header, byteCount: block.count, file: url)
    return try NamedArray(
      name: name, elementType: layout.elementType, shape: header.shape,
      strides: NPYFile.strides(of: header.shape, fortranOrder: header.isFortranOrder),
      block: block.part(header.dataOffset..<header.dataOffset + layout.byteCount), file: url)
  }

  /// The element type of an array of numbers and the bytes it takes, checked against the file.
  static func numbers(
    _ header: NPYHeader, byteCount: Int, file url: URL
  ) throws(ArrayFileError) -> (elementType: ElementType, byteCount: Int) {
    let elementType: ElementType
    switch header.descriptor {
    case .elements(let type, bigEndian: false): elementType = type
    case .elements(let type, bigEndian: true):
      throw ArrayFileError(
        .badData, url, place: "header", problem: "holds big-endian \(type.rawValue) numbers",
        advice: "Convert it: numpy.save(path, array.astype(array.dtype.newbyteorder('<')))")
    case .unicode, .bytes:
      throw ArrayFileError(
        .badData, url, place: "header", problem: "holds text where numbers were expected",
        advice: "Use it as a label file")
    case .object:
      throw ArrayFileError(
        .badData, url, place: "header",
        problem: "holds pickled Python objects where numbers were expected",
        advice: "Use it as a label file, or save it with a numeric type")
    }
    let (needed, overflow) = header.elementCount.multipliedReportingOverflow(
      by: elementType.byteCount)
    let available = byteCount - header.dataOffset
    guard !overflow, needed <= available else {
      throw ArrayFileError(
        .badData, url, place: "byte \(byteCount)",
        problem: "the file is cut short: shape \(header.shape) of \(elementType.rawValue) needs "
          + "\(overflow ? "more" : "\(needed)") bytes after the header, \(available) are there",
        advice: "Copy it again from its source")
    }
    return (elementType, needed)
  }
}
