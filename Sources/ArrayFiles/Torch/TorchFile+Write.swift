public import Foundation

extension TorchFile {
  /// A tensor to write: its data in C order, little-endian.
  public typealias Source = Safetensors.Source

  /// Writes a state dictionary that `torch.load(path, weights_only=True)` opens.
  ///
  /// Each tensor has a storage of its own, at a multiple of 64 bytes. The same tensors give the same
  /// bytes.
  ///
  /// - Throws: `inputOutput` when the folder does not exist or the disk is full or fails.
  public static func write(_ tensors: [Source], to url: URL) throws(ArrayFileError) {
    try write(tensors, to: url, wideFrom: 0xFFFF_FFFF)
  }

  /// As above; `wideFrom` is the size from which 64-bit fields are used.
  package static func write(
    _ tensors: [Source], to url: URL, wideFrom limit: UInt64
  ) throws(ArrayFileError) {
    precondition(Set(tensors.map(\.name)).count == tensors.count, "Tensor names must differ.")
    for tensor in tensors {
      precondition(
        tensor.shape.reduce(tensor.elementType.byteCount, *) == tensor.bytes.count,
        "Tensor \(tensor.name) of shape \(tensor.shape) does not hold \(tensor.bytes.count) bytes.")
    }
    var archive = try ZipWriter(url, limit: limit)
    func append(_ name: String, _ bytes: [UInt8]) throws(ArrayFileError) {
      try withRawBytes(of: bytes) { raw throws(ArrayFileError) in
        try archive.append("archive/" + name, raw)
      }
    }
    var pickle = TorchPickle()
    for (key, tensor) in tensors.enumerated() { pickle.append(tensor, key: key) }
    try append("data.pkl", pickle.finished())
    try append("byteorder", Array("little".utf8))
    for (key, tensor) in tensors.enumerated() {
      try archive.append("archive/data/\(key)", tensor.bytes)
    }
    try append("version", Array("3\n".utf8))
    try archive.finish()
  }
}

/// Writes the pickle of a state dictionary (protocol 2).
private struct TorchPickle {
  private var bytes: [UInt8] = [0x80, 2]

  init() {
    global("collections", "OrderedDict")
    add(")R(")
  }

  mutating func append(_ tensor: TorchFile.Source, key: Int) {
    text(tensor.name)
    let count = tensor.shape.reduce(1, *)
    let storage = Self.storages[tensor.elementType]
    global("torch._utils", storage == nil ? "_rebuild_tensor_v3" : "_rebuild_tensor_v2")
    add("((")
    text("storage")
    if let storage { global("torch", storage) } else { global("torch.storage", "UntypedStorage") }
    text("\(key)")
    text("cpu")
    integer(storage == nil ? tensor.bytes.count : count)
    add("tQ")
    integer(0)
    tuple(tensor.shape)
    tuple(NPYFile.strides(of: tensor.shape, fortranOrder: false))
    bytes.append(0x89)
    global("collections", "OrderedDict")
    add(")R")
    if storage == nil { global("torch", tensor.elementType.rawValue) }
    add("tR")
  }

  mutating func finished() -> [UInt8] {
    add("u.")
    return bytes
  }

  private static let storages: [ElementType: String] = [
    .float32: "FloatStorage", .float64: "DoubleStorage", .float16: "HalfStorage",
    .bfloat16: "BFloat16Storage", .int64: "LongStorage", .int32: "IntStorage",
    .int16: "ShortStorage", .int8: "CharStorage", .uint8: "ByteStorage", .bool: "BoolStorage",
  ]

  private mutating func add(_ codes: String) { bytes += Array(codes.utf8) }

  private mutating func global(_ module: String, _ name: String) { add("c\(module)\n\(name)\n") }

  private mutating func text(_ text: String) {
    let content = Array(text.utf8)
    add("X")
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: content.count >> ($0 * 8)) }
    bytes += content
  }

  private mutating func integer(_ value: Int) {
    if value < 1 << 31 {
      add("J")
      bytes += (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    } else {
      bytes += [0x8A, 8] + (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
  }

  private mutating func tuple(_ values: [Int]) {
    add("(")
    for value in values { integer(value) }
    add("t")
  }
}
