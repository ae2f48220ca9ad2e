import Foundation

/// A message of an object header: what it is and where its content lies.
struct HDF5Message {
  enum Kind: Int {
    case dataspace = 0x01
    case linkInfo = 0x02
    case datatype = 0x03
    case link = 0x06
    case layout = 0x08
    case filters = 0x0B
    case attribute = 0x0C
    case continuation = 0x10
    case symbolTable = 0x11
    case attributeInfo = 0x15
  }

  var kind: Kind
  var start: Int
  var count: Int
  /// Whether the content is a reference to a message elsewhere.
  var isShared: Bool
  var end: Int { start + count }

  private static let mostBlocks = 4096
  private static let mostMessages = 1 << 20

  /// All messages of the object header at an address that this reader knows.
  static func all(_ bytes: HDF5Bytes, _ address: Int) throws(ArrayFileError) -> [HDF5Message] {
    try bytes.check(address, 4)
    let isNew = bytes.file.bytes[address..<address + 4].elementsEqual("OHDR".utf8)
    var blocks: [(start: Int, end: Int)] = []
    var headerSize = 8
    if isNew {
      guard try bytes.byte(address + 4) == 2 else {
        throw bytes.bad("has an object header of an unknown version", at: address + 4)
      }
      let flags = try bytes.byte(address + 5)
      headerSize = flags & 4 != 0 ? 6 : 4
      var place = address + 6 + (flags & 32 != 0 ? 16 : 0) + (flags & 16 != 0 ? 4 : 0)
      let size: Int
      switch flags & 3 {
      case 0: size = try bytes.byte(place)
      case 1: size = try bytes.word16(place)
      case 2: size = try bytes.word32(place)
      default: size = try bytes.word64(place)
      }
      place += 1 << (flags & 3)
      try bytes.check(place, size)
      blocks.append((place, place + size))
    } else {
      guard try bytes.byte(address) == 1 else {
        throw bytes.bad("has an object header of an unknown version", at: address)
      }
      let size = try bytes.word32(address + 8)
      try bytes.check(address + 16, size)
      blocks.append((address + 16, address + 16 + size))
    }
    var messages: [HDF5Message] = []
    var seen: Set<Int> = []
    var next = 0
    while next < blocks.count {
      var (place, end) = blocks[next]
      next += 1
      guard seen.insert(place).inserted, next < mostBlocks else {
        throw bytes.bad("has an object header that leads into itself", at: place)
      }
      while end - place >= headerSize {
        let kind = isNew ? try bytes.byte(place) : try bytes.word16(place)
        let size = try bytes.word16(place + (isNew ? 1 : 2))
        let flags = try bytes.byte(place + (isNew ? 3 : 4))
        let start = place + headerSize
        guard size <= end - start else { throw bytes.bad("has a broken object header", at: place) }
        place = start + size
        guard let kind = Kind(rawValue: kind) else { continue }
        if kind == .continuation {
          let block = try bytes.word64(start)
          let length = try bytes.word64(start + 8)
          try bytes.check(block, length)
          if isNew {
            try bytes.expect("OCHK", block)
            guard length >= 8 else { throw bytes.bad("has a broken object header", at: block) }
            blocks.append((block + 4, block + length - 4))
          } else {
            blocks.append((block, block + length))
          }
          continue
        }
        guard messages.count < mostMessages else {
          throw bytes.bad("has an object header without end", at: address)
        }
        messages.append(
          HDF5Message(kind: kind, start: start, count: size, isShared: flags & 2 != 0))
      }
    }
    return messages
  }
}
