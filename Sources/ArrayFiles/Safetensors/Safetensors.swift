public import Foundation

/// A file of named tensors in the safetensors format, mapped into memory.
///
/// Opening checks the whole header: names, types, shapes and offsets; the data must be covered
/// without gap or overlap, as the format demands.
public struct Safetensors: Sendable {
  /// Where the file is.
  public var url: URL { file.url }
  /// The names of the tensors in the order of the header.
  public let names: [String]
  /// Free text of the file under `__metadata__`.
  public let metadata: [String: String]

  private let file: MappedFile
  private let entries: [String: Entry]

  private struct Entry: Sendable {
    var elementType: ElementType
    var shape: [Int]
    var range: Range<Int>
  }

  /// Longer headers are refused, as the format's own reader does.
  static let longestHeader = 100_000_000

  /// Opens a file and checks its header.
  ///
  /// - Throws: `badData` naming the tensor or byte; the errors of `MappedFile`.
  public init(_ url: URL) throws(ArrayFileError) {
    let file = try MappedFile(url)
    let bytes = file.bytes
    func bad(_ place: String?, _ problem: String, advice: String? = nil) -> ArrayFileError {
      ArrayFileError(.badData, url, place: place, problem: problem, advice: advice)
    }
    guard bytes.count >= 8 else {
      throw bad(nil, bytes.isEmpty ? "the file is empty" : "is too short for a safetensors file")
    }
    let length = bytes.loadUnaligned(as: UInt64.self).littleEndian
    guard length <= UInt64(Self.longestHeader), length <= UInt64(bytes.count - 8) else {
      throw bad(
        "byte 0",
        "claims a header of \(length) bytes in a file of \(bytes.count); "
          + "this is no safetensors file, or it is cut short")
    }
    let start = 8 + Int(length)
    let header = UnsafeRawBufferPointer(rebasing: bytes[8..<start])
    var parser = SafetensorsHeader(header, file: url)
    let parsed = try parser.parse()
    let dataCount = bytes.count - start
    var entries: [String: Entry] = Dictionary(minimumCapacity: parsed.tensors.count)
    for tensor in parsed.tensors {
      let place = "tensor '\(tensor.name.prefix(200))'"
      guard let type = Self.elementTypes[tensor.type] else {
        throw bad(place, "has element type '\(tensor.type.prefix(20))', which is not known here")
      }
      var size = type.byteCount
      var isEmpty = false
      for axis in tensor.shape {
        let (product, overflow) = size.multipliedReportingOverflow(by: max(axis, 1))
        guard !overflow else { throw bad(place, "has a shape too large to address") }
        size = product
        isEmpty = isEmpty || axis == 0
      }
      if isEmpty { size = 0 }
      guard tensor.begin <= tensor.end, tensor.end <= dataCount else {
        throw bad(
          place, "lies at bytes \(tensor.begin)..<\(tensor.end) of \(dataCount) bytes of data",
          advice: "The file may be cut short; copy it again from its source")
      }
      guard tensor.end - tensor.begin == size else {
        throw bad(
          place,
          "has shape \(tensor.shape) of \(type.rawValue), \(size) bytes, "
            + "but \(tensor.end - tensor.begin) bytes of data")
      }
      let range = start + tensor.begin..<start + tensor.end
      let entry = Entry(elementType: type, shape: tensor.shape, range: range)
      guard entries.updateValue(entry, forKey: tensor.name) == nil else {
        throw bad(place, "occurs twice")
      }
    }
    var covered = 0
    for tensor in parsed.tensors.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard tensor.begin == covered else {
        throw bad(
          "tensor '\(tensor.name.prefix(200))'",
          tensor.begin < covered
            ? "overlaps another tensor at byte \(tensor.begin) of the data"
            : "leaves a gap before byte \(tensor.begin) of the data")
      }
      covered = tensor.end
    }
    guard covered == dataCount else {
      throw bad("byte \(start + covered)", "has \(dataCount - covered) bytes no tensor uses")
    }
    self.file = file
    self.entries = entries
    names = parsed.tensors.map(\.name)
    metadata = parsed.metadata
  }

  /// Whether there is a tensor of this name.
  public func contains(_ name: String) -> Bool { entries[name] != nil }

  /// The type and shape of a tensor.
  ///
  /// - Throws: `badData` when there is none of this name.
  public func info(_ name: String) throws(ArrayFileError) -> (
    elementType: ElementType, shape: [Int]
  ) {
    let entry = try entry(name)
    return (entry.elementType, entry.shape)
  }

  /// The data of a tensor in C order; valid as long as the value or a copy of it lives.
  ///
  /// - Throws: `badData` when there is none of this name.
  public func bytes(of name: String) throws(ArrayFileError) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: file.bytes[try entry(name).range])
  }

  /// A tensor as `float32` in C order.
  ///
  /// - Throws: `badData` when there is none of this name.
  public func floats(_ name: String) throws(ArrayFileError) -> [Float] {
    let entry = try entry(name)
    let bytes = try bytes(of: name)
    let count = entry.shape.reduce(1, *)
    let layout = GatherLayout(sizes: [count], strides: [1])
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      layout.gather(bytes, entry.elementType, into: buffer)
      initialized = count
    }
  }

  /// All tensors in the order of the header.
  ///
  /// - Throws: never today; the header has been checked.
  public func arrays() throws(ArrayFileError) -> [NamedArray] {
    let block = ByteBlock(file, 0..<file.byteCount)
    var arrays: [NamedArray] = []
    for name in names {
      let entry = try entry(name)
      arrays.append(
        try NamedArray(
          name: name, elementType: entry.elementType, shape: entry.shape,
          block: block.part(entry.range), file: url))
    }
    return arrays
  }

  private func entry(_ name: String) throws(ArrayFileError) -> Entry {
    guard let entry = entries[name] else {
      throw ArrayFileError(.badData, url, problem: "has no tensor named '\(name)'")
    }
    return entry
  }

  /// The format's names of element types.
  static let elementTypes: [String: ElementType] = [
    "BOOL": .bool, "U8": .uint8, "I8": .int8, "U16": .uint16, "I16": .int16, "U32": .uint32,
    "I32": .int32, "U64": .uint64, "I64": .int64, "F16": .float16, "BF16": .bfloat16,
    "F32": .float32, "F64": .float64,
  ]
}
