public import Foundation

/// Writes an npy file item by item, without knowing beforehand how many there will be.
///
/// The file appears under its name when `finish` has written the count, synced and renamed it.
public final class NPYWriter {
  /// The kind of the elements.
  public let elementType: ElementType
  /// The shape of one item, all axes but the first.
  public let itemShape: [Int]
  /// The bytes of one item.
  public let itemByteCount: Int

  private let file: AtomicFile
  private let descriptor: String
  private let headerLength: Int

  /// Starts a file of items.
  ///
  /// - Throws: `usage` for bfloat16, which npy does not know; `inputOutput` when the system refuses.
  public convenience init(
    _ url: URL, elementType: ElementType, itemShape: [Int]
  ) throws(ArrayFileError) {
    try self.init(url, elementType, itemShape, itemCount: nil)
  }

  /// Takes up a file where an earlier process left it.
  ///
  /// - Parameters:
  ///   - url: the final name.
  ///   - elementType: the kind of the elements, as before.
  ///   - itemShape: the shape of one item, as before.
  ///   - itemCount: how many items stand, as ``checkpoint()`` returned it; what follows is cut off.
  /// - Throws: `badData` when there are fewer; `inputOutput` when the system refuses.
  public convenience init(
    _ url: URL, elementType: ElementType, itemShape: [Int], continuingAt itemCount: Int
  ) throws(ArrayFileError) {
    try self.init(url, elementType, itemShape, itemCount: itemCount)
  }

  private init(
    _ url: URL, _ elementType: ElementType, _ itemShape: [Int], itemCount: Int?
  ) throws(ArrayFileError) {
    guard let descriptor = NPYHeader.numPyName(elementType) else {
      throw ArrayFileError(
        .usage, url, problem: "npy files cannot hold \(elementType.rawValue)",
        advice: "Write float32 or float16")
    }
    precondition(itemShape.allSatisfy { $0 > 0 }, "Each axis of an item needs a size above zero.")
    self.elementType = elementType
    self.itemShape = itemShape
    self.descriptor = descriptor
    itemByteCount = itemShape.reduce(elementType.byteCount, *)
    // Room for the largest count, so that the header keeps its length.
    let header = NPYHeader.encoded(descriptor: descriptor, shape: [Int.max] + itemShape)
    headerLength = header.count
    if let itemCount {
      file = try AtomicFile(url, continuingAt: headerLength + itemCount * itemByteCount)
    } else {
      file = try AtomicFile(url)
      try file.write(header)
    }
  }

  /// The items written so far.
  public var itemCount: Int { (file.byteCount - headerLength) / itemByteCount }

  /// Appends whole items; the elements must be of the file's type.
  ///
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func append<Element: ArrayElement>(_ values: [Element]) throws(ArrayFileError) {
    precondition(
      Element.elementType == elementType,
      "The file holds \(elementType.rawValue), not \(Element.elementType.rawValue).")
    try withRawBytes(of: values) { bytes throws(ArrayFileError) in try appendBytes(bytes) }
  }

  /// Appends whole items, rounded to half precision when the file holds `float16`.
  ///
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func append(_ values: [Float]) throws(ArrayFileError) {
    switch elementType {
    case .float32:
      try withRawBytes(of: values) { bytes throws(ArrayFileError) in try appendBytes(bytes) }
    case .float16:
      let halves = values.map(HalfPrecision.half)
      try withRawBytes(of: halves) { bytes throws(ArrayFileError) in try appendBytes(bytes) }
    case .float64:
      try append(values.map { Double($0) })
    default:
      preconditionFailure("The file holds \(elementType.rawValue), not floating-point numbers.")
    }
  }

  /// Appends whole items as they lie in memory (little-endian).
  ///
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func appendBytes(_ bytes: UnsafeRawBufferPointer) throws(ArrayFileError) {
    precondition(
      bytes.count.isMultiple(of: itemByteCount), "Items are appended whole: \(itemShape) each.")
    try file.write(bytes)
  }

  /// Syncs the items written so far, so that a later process can take the file up from here.
  ///
  /// - Returns: The number of items.
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func checkpoint() throws(ArrayFileError) -> Int {
    _ = try file.checkpoint()
    return itemCount
  }

  /// Leaves the unfinished file for a later process to take up.
  public func leave() { file.leave() }

  /// Writes the count into the header and gives the file its name.
  ///
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func finish() throws(ArrayFileError) {
    let header = NPYHeader.encoded(
      descriptor: descriptor, shape: [itemCount] + itemShape, length: headerLength)
    try file.rewrite(header, at: 0)
    try file.finish()
  }
}
