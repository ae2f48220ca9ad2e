import Foundation

/// Writes groups, attributes and datasets in the oldest layout of HDF5 (superblock 0), bottom-up:
/// what a group refers to is written before it.
struct HDF5Writer {
  /// An object in the file; groups know their names' tree and heap too.
  struct Object {
    var header: Int
    var tree: Int = 0
    var heap: Int = 0
  }

  /// A message of an object header.
  struct Message {
    var kind: UInt16
    var content: [UInt8]
  }

  private let file: AtomicFile
  /// Names in a node of names, and nodes in a tree: half of what they can hold.
  private let leafHalf = 16
  private let treeHalf: Int
  private static let none = [UInt8](repeating: 0xFF, count: 8)
  /// Keras splits lists of names that are longer than this.
  private static let longestAttribute = 64_512

  init(_ url: URL, longestGroup: Int) throws(ArrayFileError) {
    file = try AtomicFile(url)
    treeHalf = max(16, (longestGroup / (2 * leafHalf) + 2) / 2 + 1)
    try file.write([UInt8](repeating: 0, count: 96))
  }

  // MARK: Objects

  /// Writes a dataset of numbers as one piece.
  func dataset(_ source: Safetensors.Source) throws(ArrayFileError) -> Object {
    precondition(
      source.shape.reduce(source.elementType.byteCount, *) == source.bytes.count,
      "Weight \(source.name) of shape \(source.shape) does not hold \(source.bytes.count) bytes.")
    let data = try align()
    try file.write(source.bytes)
    var layout: [UInt8] = [3, 1]
    layout += source.bytes.isEmpty ? Self.none : word64(data)
    layout += word64(source.bytes.count)
    let messages = [
      Message(kind: 1, content: Self.shape(source.shape)),
      Message(kind: 3, content: Self.type(source.elementType)),
      // No value to fill with; room is taken when data are written.
      Message(kind: 5, content: [2, 2, 2, 1, 0, 0, 0, 0]),
      Message(kind: 8, content: layout),
    ]
    return Object(header: try header(messages))
  }

  /// Writes a group of names.
  func group(
    _ links: [(name: String, object: Object)], attributes: [Message] = []
  ) throws(ArrayFileError) -> Object {
    let sorted = links.sorted { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
    // The heap begins with the empty name, which the tree's first key refers to.
    var text = [UInt8](repeating: 0, count: 8)
    var offsets: [Int] = []
    for link in sorted {
      offsets.append(text.count)
      text += Array(link.name.utf8) + [0]
      text += [UInt8](repeating: 0, count: (8 - text.count % 8) % 8)
    }
    let heap = try align()
    try file.write(Array("HEAP".utf8) + [0, 0, 0, 0] + word64(text.count) + word64(1))
    try file.write(word64(heap + 32) + text)
    var nodes: [(address: Int, lastName: Int)] = []
    for start in stride(from: 0, to: sorted.count, by: 2 * leafHalf) {
      let part = start..<min(start + 2 * leafHalf, sorted.count)
      var node: [UInt8] = Array("SNOD".utf8) + [1, 0] + word16(part.count)
      for place in part {
        let object = sorted[place].object
        node += word64(offsets[place]) + word64(object.header)
        node += word32(object.tree == 0 ? 0 : 1) + word32(0) + word64(object.tree)
        node += word64(object.heap)
      }
      node += [UInt8](repeating: 0, count: 8 + 2 * leafHalf * 40 - node.count)
      nodes.append((try align(), offsets[part.upperBound - 1]))
      try file.write(node)
    }
    precondition(nodes.count <= 2 * treeHalf, "A group has more names than its tree was made for.")
    let tree = try align()
    var node: [UInt8] = Array("TREE".utf8) + [0, 0] + word16(nodes.count) + Self.none + Self.none
    node += word64(0)
    for child in nodes { node += word64(child.address) + word64(child.lastName) }
    node += [UInt8](repeating: 0, count: 24 + 2 * treeHalf * 16 + 8 - node.count)
    try file.write(node)
    let table = Message(kind: 0x11, content: word64(tree) + word64(heap))
    return Object(header: try header([table] + attributes), tree: tree, heap: heap)
  }

  /// Writes the superblock and gives the file its name.
  func finish(root: Object) throws(ArrayFileError) {
    let end = try align()
    var block = HDF5File.signature + [0, 0, 0, 0, 0, 8, 8, 0]
    block += word16(leafHalf) + word16(treeHalf) + word32(0)
    block += word64(0) + Self.none + word64(end) + Self.none
    block += word64(0) + word64(root.header) + word32(1) + word32(0)
    block += word64(root.tree) + word64(root.heap)
    try file.rewrite(block, at: 0)
    try file.finish()
  }

  // MARK: Attributes

  /// A single text.
  static func text(_ name: String, _ value: String) -> Message {
    attribute(name, texts: [value], shape: [])
  }

  /// A list of texts, split as Keras does when it is too long for one attribute.
  static func names(_ name: String, _ values: [String]) -> [Message] {
    let width = max(values.map(\.utf8.count).max() ?? 1, 1)
    let most = max((longestAttribute - 200) / width, 1)
    guard values.count > most else {
      return [attribute(name, texts: values, shape: [values.count])]
    }
    return stride(from: 0, to: values.count, by: most).enumerated().map { part, start in
      let piece = Array(values[start..<min(start + most, values.count)])
      return attribute("\(name)\(part)", texts: piece, shape: [piece.count])
    }
  }

  private static func attribute(_ name: String, texts: [String], shape: [Int]) -> Message {
    let width = max(texts.map(\.utf8.count).max() ?? 1, 1)
    func padded(_ bytes: [UInt8]) -> [UInt8] {
      bytes + [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8)
    }
    let label = Array(name.utf8) + [0]
    // Text of fixed width, filled up with zeros, as h5py writes NumPy bytes.
    let type: [UInt8] = [0x13, 1, 0, 0] + word32(width)
    let space = Self.shape(shape)
    var content: [UInt8] = [1, 0] + word16(label.count) + word16(type.count) + word16(space.count)
    content += padded(label) + padded(type) + padded(space)
    for text in texts {
      let bytes = Array(text.utf8)
      content += bytes + [UInt8](repeating: 0, count: width - bytes.count)
    }
    return Message(kind: 0x0C, content: content)
  }

  // MARK: Bytes

  private static func shape(_ shape: [Int]) -> [UInt8] {
    [1, UInt8(shape.count), shape.isEmpty ? 0 : 1, 0, 0, 0, 0, 0]
      + shape.flatMap(word64) + shape.flatMap(word64)
  }

  private static func type(_ type: ElementType) -> [UInt8] {
    let size = word32(type.byteCount)
    func float(_ sign: UInt8, _ exponent: UInt8, _ bits: UInt8, _ bias: Int) -> [UInt8] {
      let place: [UInt8] = [0, 0] + word16(type.byteCount * 8) + [exponent, bits, 0, exponent]
      return [0x11, 0x20, sign, 0] + size + place + word32(bias)
    }
    switch type {
    case .float16: return float(15, 10, 5, 15)
    case .bfloat16: return float(15, 7, 8, 127)
    case .float32: return float(31, 23, 8, 127)
    case .float64: return float(63, 52, 11, 1023)
    case .bool, .uint8, .uint16, .uint32, .uint64:
      return [0x10, 0, 0, 0] + size + word16(0) + word16(type.byteCount * 8)
    case .int8, .int16, .int32, .int64:
      return [0x10, 8, 0, 0] + size + word16(0) + word16(type.byteCount * 8)
    }
  }

  /// Writes an object header of version 1.
  private func header(_ messages: [Message]) throws(ArrayFileError) -> Int {
    var body: [UInt8] = []
    for message in messages {
      let padding = (8 - message.content.count % 8) % 8
      body += word16(Int(message.kind)) + word16(message.content.count + padding) + [0, 0, 0, 0]
      body += message.content + [UInt8](repeating: 0, count: padding)
    }
    let address = try align()
    try file.write([1, 0] + word16(messages.count) + word32(1) + word32(body.count) + word32(0))
    try file.write(body)
    return address
  }

  /// Fills up to a multiple of eight bytes; the place where the next bytes go.
  private func align() throws(ArrayFileError) -> Int {
    try file.write([UInt8](repeating: 0, count: (8 - file.byteCount % 8) % 8))
    return file.byteCount
  }
}

private func word16(_ value: Int) -> [UInt8] {
  [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
}
private func word32(_ value: Int) -> [UInt8] {
  (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}
private func word64(_ value: Int) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}
