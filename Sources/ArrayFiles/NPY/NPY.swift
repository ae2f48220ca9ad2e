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
}
