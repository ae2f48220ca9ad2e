import Foundation

/// A dataset: its type, shape and data, brought together from its chunks when it has some.
package struct HDF5Dataset {
  private let bytes: HDF5Bytes
  private let name: String
  private let type: ElementType
  private let shape: [Int]
  private let layout: HDF5Message
  private let filters: [Int]

  /// The dataset at an object of a file.
  package init(_ file: HDF5File, _ object: Int, name: String) throws(ArrayFileError) {
    bytes = file.bytes
    self.name = name
    var type: HDF5Type?
    var shape: [Int]?
    var layout: HDF5Message?
    var filters: [Int] = []
    for message in try file.messages(object) {
      guard !message.isShared else {
        if [.datatype, .dataspace, .layout, .filters].contains(message.kind) {
          throw file.bytes.bad("has '\(name.prefix(200))' with a named type, which is not read")
        }
        continue
      }
      switch message.kind {
      case .datatype: type = try HDF5Type(bytes, message.start)
      case .dataspace: shape = try HDF5Shape.read(bytes, message.start)
      case .layout: layout = message
      case .filters: filters = try Self.filters(bytes, message)
      default: break
      }
    }
    guard let type, let layout else {
      throw file.bytes.bad("has '\(name.prefix(200))', which is no dataset", at: object)
    }
    guard case .number(let elementType) = type else {
      var found = "text"
      if case .other(let kind) = type { found = kind }
      throw file.bytes.bad(
        "has '\(name.prefix(200))' of \(found), where little-endian numbers were expected",
        at: object, advice: "Save it as float32")
    }
    guard let shape, PickledArray.count(shape.map { max($0, 1) }) ?? .max <= Int.max / 64 else {
      throw file.bytes.bad("has '\(name.prefix(200))' without a shape", at: object)
    }
    self.type = elementType
    self.shape = shape
    self.layout = layout
    self.filters = filters
  }

  /// The data as an array.
  package func array() throws(ArrayFileError) -> NamedArray {
    let count = shape.contains(0) ? 0 : shape.reduce(1, *)
    let size = count * type.byteCount
    let version = try bytes.byte(layout.start)
    let kind = try bytes.byte(layout.start + 1)
    guard version == 3 || (version == 4 && kind < 2) else {
      throw bytes.bad(
        "has '\(name.prefix(200))' laid out in a way that is not read (version \(version))",
        at: layout.start, advice: "Save it with h5py's default libver, as Keras does")
    }
    let block: ByteBlock
    switch kind {
    case 0:
      let stored = try bytes.word16(layout.start + 2)
      guard stored >= size, stored <= layout.end - layout.start - 4 else { throw short() }
      block = ByteBlock(bytes.file, layout.start + 4..<layout.start + 4 + size)
    case 1:
      let stored = try bytes.word64(layout.start + 10)
      if size == 0 {
        block = ByteBlock(bytes.file, 0..<0)
      } else {
        guard let address = try bytes.address(layout.start + 2), stored >= size else {
          throw short()
        }
        try bytes.check(address, size)
        block = ByteBlock(bytes.file, address..<address + size)
      }
    case 2: block = try HDF5Chunks(bytes, layout, shape, type.byteCount, filters, name).read()
    default:
      throw bytes.bad("has '\(name.prefix(200))' laid out in an unknown way", at: layout.start)
    }
    return try NamedArray(
      name: name, elementType: type, shape: shape, block: block, file: bytes.file.url)
  }

  private func short() -> ArrayFileError {
    bytes.bad("has '\(name.prefix(200))' with fewer data than its shape \(shape) needs")
  }

  /// The numbers of the filters that data went through, in the order of writing.
  private static func filters(
    _ bytes: HDF5Bytes, _ message: HDF5Message
  ) throws(ArrayFileError) -> [Int] {
    let version = try bytes.byte(message.start)
    guard version == 1 || version == 2 else {
      throw bytes.bad("has filters of an unknown version", at: message.start)
    }
    var place = message.start + (version == 1 ? 8 : 2)
    var result: [Int] = []
    for _ in 0..<(try bytes.byte(message.start + 1)) {
      let number = try bytes.word16(place)
      let hasName = version == 1 || number >= 256
      let nameCount = hasName ? try bytes.word16(place + 2) : 0
      let values = try bytes.word16(place + (hasName ? 6 : 4))
      place += hasName ? 8 : 6
      place += version == 1 ? (nameCount + 7) / 8 * 8 : nameCount
      place += values * 4 + (version == 1 && values % 2 == 1 ? 4 : 0)
      result.append(number)
    }
    return result
  }
}
