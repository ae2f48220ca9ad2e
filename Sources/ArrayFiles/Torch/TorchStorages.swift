import Foundation

/// The two things a file of `torch.save` is made of: a pickle, and storages it refers to.
protocol TorchStorages: Sendable {
  var pickle: Pickle { get }
  /// The bytes of a storage by its key.
  func block(_ key: String) throws(ArrayFileError) -> ByteBlock
}

/// The zip format, since PyTorch 1.6.
struct ZipTorchStorages: TorchStorages {
  let pickle: Pickle
  private let archive: ZipArchive
  private let folder: String

  init(_ file: MappedFile) throws(ArrayFileError) {
    archive = try ZipArchive(file)
    guard let name = archive.names.first(where: { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") })
    else {
      if archive.contains("model.weights.h5") { throw KerasWeights.ofKeras3(file.url) }
      throw ArrayFileError(
        .badData, file.url, problem: "is a zip archive without the entry data.pkl of torch.save",
        advice: "Save the weights with torch.save(model.state_dict(), path)")
    }
    folder = String(name.dropLast("data.pkl".count))
    if archive.contains(folder + "constants.pkl") {
      throw ArrayFileError(
        .badData, file.url, problem: "is a TorchScript program",
        advice: "Save the weights with torch.save(model.state_dict(), path)")
    }
    if archive.contains(folder + "byteorder") {
      let order = try archive.block(folder + "byteorder").bytes
      guard order.elementsEqual("little".utf8) else {
        throw ArrayFileError(
          .badData, file.url, problem: "was written on a big-endian machine",
          advice: "Load and save it again on a little-endian one")
      }
    }
    pickle = try Pickle(try archive.block(name).bytes, file: file.url)
  }

  func block(_ key: String) throws(ArrayFileError) -> ByteBlock {
    try archive.block(folder + "data/" + key)
  }
}

/// The format before: pickles one after the other, then the storages.
struct LegacyTorchStorages: TorchStorages {
  let pickle: Pickle
  private let blocks: [String: ByteBlock]
  private let url: URL

  /// The number 0x1950a86a20f9469cfc6c, pickled with protocol 2.
  private static let magic: [UInt8] = [
    0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
  ]

  static func begins(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: magic) }

  init(_ file: MappedFile) throws(ArrayFileError) {
    url = file.url
    let bytes = file.bytes
    var place = Self.magic.count
    func next() throws(ArrayFileError) -> Pickle {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[place...])
      // No honest pickle of tensors comes near this; the storages behind it may be any size.
      let pickle = try Pickle(
        UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 28)), file: file.url, offset: place)
      place += pickle.byteCount
      return pickle
    }
    func bad(_ problem: String, advice: String? = nil) -> ArrayFileError {
      ArrayFileError(.badData, file.url, place: "byte \(place)", problem: problem, advice: advice)
    }
    let version = try next()
    guard version.integer(version.root) == 1001 else {
      throw bad("has an unknown version of the format before PyTorch 1.6")
    }
    let system = try next()
    if let order = system.entry("little_endian", of: system.root),
      case .bool(false) = system.value(order)
    {
      throw bad(
        "was written on a big-endian machine",
        advice: "Load and save it again on a little-endian one")
    }
    let pickle = try next()
    let keys = try next()
    guard let list = keys.elements(keys.root) else { throw bad("lacks the list of its storages") }
    let types = Self.elementTypes(pickle)
    var blocks: [String: ByteBlock] = [:]
    for reference in list {
      guard let key = keys.text(reference), let width = types[key]?.byteCount else {
        throw bad("lists a storage of a type that is not known here")
      }
      guard bytes.count - place >= 8 else { throw bad("is cut short before a storage") }
      let count = bytes.loadUnaligned(fromByteOffset: place, as: Int64.self).littleEndian
      place += 8
      let (size, overflow) = Int(count).multipliedReportingOverflow(by: width)
      guard count >= 0, !overflow, size <= bytes.count - place else {
        throw bad("is cut short inside a storage of \(count) elements")
      }
      guard blocks.updateValue(ByteBlock(file, place..<place + size), forKey: key) == nil else {
        throw bad("lists a storage twice")
      }
      place += size
    }
    self.pickle = pickle
    self.blocks = blocks
  }

  func block(_ key: String) throws(ArrayFileError) -> ByteBlock {
    guard let block = blocks[key] else {
      throw ArrayFileError(.badData, url, problem: "lacks the storage '\(key.prefix(80))'")
    }
    return block
  }

  /// The element type of each storage the pickle names, by its key.
  private static func elementTypes(_ pickle: Pickle) -> [String: ElementType] {
    var types: [String: ElementType] = [:]
    for identifier in pickle.persistentIdentifiers {
      if let storage = TorchStorageName(pickle, identifier) { types[storage.key] = storage.type }
    }
    return types
  }
}

/// What a tensor says of its storage: `('storage', class, key, device, count)`.
struct TorchStorageName {
  var type: ElementType
  var key: String

  init?(_ pickle: Pickle, _ identifier: Pickle.Reference) {
    guard let fields = pickle.elements(identifier), fields.count >= 5,
      pickle.text(fields[0]) == "storage", let name = pickle.globalName(fields[1]),
      let type = Self.types[String(name.split(separator: ".").last ?? "")],
      let key = pickle.text(fields[2])
    else { return nil }
    self.type = type
    self.key = key
  }

  private static let types: [String: ElementType] = [
    "FloatStorage": .float32, "DoubleStorage": .float64, "HalfStorage": .float16,
    "BFloat16Storage": .bfloat16, "LongStorage": .int64, "IntStorage": .int32,
    "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8, "BoolStorage": .bool,
    "UntypedStorage": .uint8,
  ]
}
