internal import CHDF5
public import Foundation

/// Writes groups, attributes and datasets through the HDF5 library; the file appears when it is
/// complete.
///
/// Objects are named by their paths, such as `obs/protein/codes`; groups on the way are made. The
/// layout is the oldest that holds the content, which every version of HDF5 and ``KerasWeights`` reads,
/// and holds no times: the same calls give the same bytes. Use a writer from one thread at a time.
public final class HDF5Writer {
  /// The final name.
  public let url: URL
  private let file: AtomicFile
  private var identifier: Int64 = -1
  private var failure: ArrayFileError?

  /// The version of the HDF5 library, such as `1.10.8`.
  public static var hdf5Version: String { HDF5Library.version }

  /// Starts a file.
  ///
  /// - Parameter url: its final name.
  /// - Throws: `inputOutput` when its folder does not exist or the system refuses.
  public init(_ url: URL) throws(ArrayFileError) {
    self.url = url
    file = try AtomicFile(url)
    identifier = try call { ch_create(file.partial) }
  }

  deinit {
    if identifier >= 0 { HDF5Library.close(file: identifier) }
  }

  /// Closes a dataset, which writes what the library has gathered of it; a failure is thrown by the
  /// next call.
  func close(dataset: Int64) {
    // A finished file has closed it.
    guard identifier >= 0 else { return }
    _ = try? call { Int64(ch_close_dataset(dataset)) }
  }

  /// Leaves a file alone that the library could not write.
  ///
  /// Closing it would write once more what has just failed, and leave objects behind that the library
  /// falls over later. A little memory and a descriptor stay with the process instead.
  private func giveUp() { identifier = -1 }

  /// Writes what is pending, syncs the file to the disk and gives it its name.
  ///
  /// - Throws: `inputOutput` when the disk is full or fails; nothing is left under the name then.
  public func finish() throws(ArrayFileError) {
    precondition(identifier >= 0 || failure != nil, "A finished file takes nothing more.")
    // Whatever can fail fails here, where the file stays as it is, and not in the midst of closing.
    try call { Int64(ch_flush(identifier)) }
    try call { Int64(ch_close(identifier)) }
    identifier = -1
    try file.finish()
  }

  // MARK: Groups and attributes

  /// Makes a group.
  ///
  /// - Parameter path: its path; nothing is there yet.
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func group(_ path: String) throws(ArrayFileError) {
    try call { Int64(ch_group(identifier, path)) }
  }

  /// Sets an attribute to a text of UTF-8.
  ///
  /// - Parameters:
  ///   - name: the attribute.
  ///   - text: its value, without zero bytes.
  ///   - path: the group or dataset that has it; `/` is the file itself.
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func attribute(_ name: String, _ text: String, of path: String) throws(ArrayFileError) {
    try call {
      HDF5Library.withPointers([text]) { Int64(ch_attribute_texts(identifier, path, name, $0, -1)) }
    }
  }

  /// Sets an attribute to a list of texts of UTF-8, at most some thousands: it has to fit in 64 KB.
  ///
  /// - Parameters:
  ///   - name: the attribute.
  ///   - texts: its values, without zero bytes.
  ///   - path: the group or dataset that has it.
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func attribute(_ name: String, _ texts: [String], of path: String) throws(ArrayFileError) {
    try call {
      HDF5Library.withPointers(texts) {
        Int64(ch_attribute_texts(identifier, path, name, $0, Int64(texts.count)))
      }
    }
  }

  /// Sets an attribute to true or false, as h5py writes `bool`.
  ///
  /// - Parameters:
  ///   - name: the attribute.
  ///   - flag: its value.
  ///   - path: the group or dataset that has it.
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func attribute(_ name: String, _ flag: Bool, of path: String) throws(ArrayFileError) {
    try call { Int64(ch_attribute_flag(identifier, path, name, flag ? 1 : 0)) }
  }

  /// Sets an attribute to texts of the same number of bytes, as h5py writes NumPy's `bytes`.
  ///
  /// - Parameters:
  ///   - name: the attribute.
  ///   - texts: its values; shorter ones are filled up with zero bytes.
  ///   - single: whether it is one value and no list.
  ///   - path: the group or dataset that has it.
  /// - Throws: `inputOutput` when the disk is full or fails.
  func fixedAttribute(
    _ name: String, _ texts: [String], single: Bool = false, of path: String
  ) throws(ArrayFileError) {
    let width = max(texts.map(\.utf8.count).max() ?? 1, 1)
    let bytes = texts.flatMap {
      Array($0.utf8) + [UInt8](repeating: 0, count: width - $0.utf8.count)
    }
    try call {
      bytes.withUnsafeBytes {
        Int64(
          ch_attribute_fixed(
            identifier, path, name, $0.baseAddress, Int64(width), single ? -1 : Int64(texts.count)))
      }
    }
  }

  // MARK: Datasets

  /// Makes a dataset of numbers, to be written piece by piece.
  ///
  /// - Parameters:
  ///   - path: its path; nothing is there yet.
  ///   - type: the kind of its elements; `bool` as h5py writes it.
  ///   - shape: its sizes, outermost first; empty for a single number.
  ///   - deflate: 1 to 9 packs it in pieces of about a megabyte; 0 does not.
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func dataset(
    _ path: String, _ type: ElementType, shape: [Int], deflate: Int = 0
  ) throws(ArrayFileError) -> HDF5WrittenDataset {
    try dataset(path, HDF5Library.kind(type), width: type.byteCount, shape, deflate)
  }

  /// Writes a dataset of numbers as they lie in memory, in C order.
  ///
  /// - Parameters:
  ///   - path: its path; nothing is there yet.
  ///   - type: the kind of its elements; `bool` as h5py writes it.
  ///   - shape: its sizes, outermost first; empty for a single number.
  ///   - bytes: the elements.
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func dataset(
    _ path: String, _ type: ElementType, shape: [Int], bytes: UnsafeRawBufferPointer
  ) throws(ArrayFileError) {
    let whole = try dataset(path, type, shape: shape)
    try whole.write(0..<(shape.first ?? 1), bytes)
  }

  /// Writes a dataset of numbers.
  ///
  /// - Parameters:
  ///   - path: its path; nothing is there yet.
  ///   - values: the elements in C order.
  ///   - shape: its sizes, outermost first; nil for a list of all values.
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func dataset<Element: ArrayElement>(
    _ path: String, _ values: [Element], shape: [Int]? = nil
  ) throws(ArrayFileError) {
    try withRawBytes(of: values) { bytes throws(ArrayFileError) in
      try dataset(path, Element.elementType, shape: shape ?? [values.count], bytes: bytes)
    }
  }

  /// Writes a dataset of texts of UTF-8, a block at a time.
  ///
  /// - Parameters:
  ///   - path: its path; nothing is there yet.
  ///   - texts: its elements, without zero bytes.
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func dataset(
    _ path: String, _ texts: some RandomAccessCollection<String>
  ) throws(ArrayFileError) {
    let whole = try dataset(path, HDF5Library.text, width: 16, [texts.count], 0)
    var done = 0
    while done < texts.count {
      let count = min(texts.count - done, 1 << 14)
      try whole.write(done..<done + count, Array(texts.dropFirst(done).prefix(count)))
      done += count
    }
  }

  /// Writes a single text of UTF-8.
  ///
  /// - Parameters:
  ///   - path: its path; nothing is there yet.
  ///   - text: its value, without zero bytes.
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func dataset(_ path: String, _ text: String) throws(ArrayFileError) {
    try dataset(path, HDF5Library.text, width: 16, [], 0).write(0..<1, [text])
  }

  private func dataset(
    _ path: String, _ kind: Int32, width: Int, _ shape: [Int], _ deflate: Int
  ) throws(ArrayFileError) -> HDF5WrittenDataset {
    precondition((0...9).contains(deflate), "Deflate has the levels 0 to 9.")
    precondition(shape.count <= 32, "A dataset has at most 32 axes.")
    var chunk = shape.map { Int64($0) }
    if let first = shape.first {
      let row = shape.dropFirst().reduce(width, *)
      chunk[0] = Int64(max(1, min(first, (1 << 20) / max(row, 1))))
    }
    let sizes = shape.map { Int64($0) }
    let made = try call {
      ch_dataset(
        identifier, path, kind, Int32(shape.count), sizes,
        deflate > 0 ? chunk : nil, Int32(deflate))
    }
    return HDF5WrittenDataset(self, made, kind: kind, width: width, shape: shape)
  }

  @discardableResult
  func call(_ body: () -> Int64) throws(ArrayFileError) -> Int64 {
    if let failure { throw failure }
    do throws(ArrayFileError) {
      return try HDF5Library.call(writing: url, body)
    } catch {
      failure = error
      giveUp()
      throw error
    }
  }
}
