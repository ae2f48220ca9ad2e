import Foundation

/// Groups, attributes and datasets of an HDF5 file (File Format Specification 3.0), as h5py and
/// Keras write them.
///
/// This reader is our own because damaged files crash and hang the HDF5 library (ARCHITECTURE.md has
/// the figures), and a weight file from a stranger must do neither. It reads what such files are made of: superblocks 0 to 3, object
/// headers of both versions, symbol tables and link messages, fixed and variable text, contiguous,
/// compact and chunked datasets, deflate, shuffle and checksums. It refuses links to other files.
package struct HDF5File {
  let bytes: HDF5Bytes
  /// The object header of the outermost group.
  package let root: Int
  private let cache = Cache()
  private let heap: HDF5GlobalHeap

  /// What a name in a group leads to.
  package enum Link {
    case object(Int)
    case soft
    case external
  }

  /// Groups are read once however often a name leads through them.
  private final class Cache {
    var links: [Int: [String: Link]] = [:]
    var headers: [Int: [HDF5Message]] = [:]
    var attributes: [Int: [String: HDF5Attribute]] = [:]
  }

  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  static func begins(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: signature) }

  /// Opens a file.
  package init(_ file: MappedFile) throws(ArrayFileError) {
    bytes = HDF5Bytes(file: file)
    heap = HDF5GlobalHeap(bytes)
    guard Self.begins(file.bytes) else { throw bytes.bad("is no HDF5 file", at: 0) }
    let version = try bytes.byte(8)
    let base: Int
    switch version {
    case 0, 1:
      guard try bytes.byte(13) == 8, try bytes.byte(14) == 8 else {
        throw bytes.bad("has addresses of another size than 8 bytes", at: 13)
      }
      let addresses = version == 0 ? 24 : 28
      base = try bytes.word64(addresses)
      root = try bytes.word64(addresses + 40)
    case 2, 3:
      guard try bytes.byte(9) == 8, try bytes.byte(10) == 8 else {
        throw bytes.bad("has addresses of another size than 8 bytes", at: 9)
      }
      base = try bytes.word64(12)
      root = try bytes.word64(36)
    default: throw bytes.bad("has a superblock of version \(version); 0 to 3 are known", at: 8)
    }
    guard base == 0 else { throw bytes.bad("is part of another file", at: 24) }
  }

  /// The messages of an object.
  func messages(_ object: Int) throws(ArrayFileError) -> [HDF5Message] {
    if let known = cache.headers[object] { return known }
    let messages = try HDF5Message.all(bytes, object)
    cache.headers[object] = messages
    return messages
  }

  /// The object a path of names leads to from a group; nil when a name is not there.
  package func find(_ path: String, in group: Int) throws(ArrayFileError) -> Int? {
    var place = group
    for name in path.split(separator: "/") where name != "." {
      guard let link = try links(place)[String(name)] else { return nil }
      switch link {
      case .object(let object): place = object
      case .soft:
        throw bytes.bad(
          "has the soft link '\(name.prefix(80))', which is not followed",
          advice: "Save the weights anew with model.save_weights")
      case .external:
        throw bytes.bad(
          "has the link '\(name.prefix(80))' to another file, which is not followed",
          advice: "Save the weights into one file")
      }
    }
    return place
  }

  /// The names in a group.
  package func links(_ group: Int) throws(ArrayFileError) -> [String: Link] {
    if let known = cache.links[group] { return known }
    var links: [String: Link] = [:]
    for message in try messages(group) {
      switch message.kind {
      case .symbolTable:
        let reader = HDF5SymbolTable(bytes)
        try reader.read(
          tree: try bytes.word64(message.start), heap: try bytes.word64(message.start + 8),
          into: &links)
      case .link: try readLink(message, into: &links)
      case .linkInfo:
        let flags = try bytes.byte(message.start + 1)
        let heap = message.start + 2 + (flags & 1 == 1 ? 8 : 0)
        guard try bytes.address(heap) == nil else {
          throw bytes.bad(
            "keeps its names in a heap of the newest format, which is not read",
            advice: "Save it with h5py's default libver, as Keras does")
        }
      default: break
      }
    }
    cache.links[group] = links
    return links
  }

  private func readLink(
    _ message: HDF5Message, into links: inout [String: Link]
  ) throws(ArrayFileError) {
    var place = message.start + 2
    let flags = try bytes.byte(message.start + 1)
    var kind = 0
    if flags & 8 != 0 {
      kind = try bytes.byte(place)
      place += 1
    }
    if flags & 4 != 0 { place += 8 }
    if flags & 16 != 0 { place += 1 }
    let count: Int
    switch flags & 3 {
    case 0: count = try bytes.byte(place)
    case 1: count = try bytes.word16(place)
    case 2: count = try bytes.word32(place)
    default: count = try bytes.word64(place)
    }
    place += 1 << (flags & 3)
    guard count <= message.end - place else { throw bytes.bad("has a broken link", at: place) }
    let name = try bytes.text(place, count: count)
    switch kind {
    case 0: links[name] = .object(try bytes.word64(place + count))
    case 1: links[name] = .soft
    default: links[name] = .external
    }
  }

  /// The attribute of an object by name.
  package func attribute(_ name: String, of object: Int) throws(ArrayFileError) -> HDF5Attribute? {
    if let known = cache.attributes[object] { return known[name] }
    var attributes: [String: HDF5Attribute] = [:]
    for message in try messages(object) {
      switch message.kind {
      case .attribute:
        let attribute = try HDF5Attribute(bytes, message, heap: heap)
        attributes[attribute.name] = attribute
      case .attributeInfo:
        let flags = try bytes.byte(message.start + 1)
        let heap = message.start + 2 + (flags & 1 == 1 ? 2 : 0)
        guard try bytes.address(heap) == nil else {
          throw bytes.bad(
            "keeps its attributes in a heap of the newest format, which is not read",
            advice: "Save it with h5py's default libver, as Keras does")
        }
      default: break
      }
    }
    cache.attributes[object] = attributes
    return attributes[name]
  }
}
