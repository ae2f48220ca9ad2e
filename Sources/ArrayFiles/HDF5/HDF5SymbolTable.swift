import Foundation

/// The names of a group of the older format: a B-tree of nodes of names, with their text in a heap.
struct HDF5SymbolTable {
  private let bytes: HDF5Bytes
  private static let mostNodes = 1 << 20

  init(_ bytes: HDF5Bytes) { self.bytes = bytes }

  func read(
    tree: Int, heap: Int, into links: inout [String: HDF5File.Link]
  ) throws(ArrayFileError) {
    try bytes.expect("HEAP", heap)
    let textCount = try bytes.word64(heap + 8)
    let text = try bytes.word64(heap + 24)
    try bytes.check(text, textCount)
    var seen: Set<Int> = []
    var pending = [tree]
    while let node = pending.popLast() {
      guard seen.insert(node).inserted, seen.count < Self.mostNodes else {
        throw bytes.bad("has a group that leads into itself", at: node)
      }
      try bytes.check(node, 8)
      if bytes.file.bytes[node..<node + 4].elementsEqual("SNOD".utf8) {
        for entry in 0..<(try bytes.word16(node + 6)) {
          let place = node + 8 + entry * 40
          let nameOffset = try bytes.word64(place)
          guard nameOffset < textCount else { throw bytes.bad("has a broken name", at: place) }
          let name = try bytes.text(text + nameOffset, limit: text + textCount)
          links[name] =
            try bytes.word32(place + 16) == 2 ? .soft : .object(try bytes.word64(place + 8))
        }
        continue
      }
      try bytes.expect("TREE", node)
      guard try bytes.byte(node + 4) == 0 else {
        throw bytes.bad("has a tree of another kind where names were expected", at: node)
      }
      for child in 0..<(try bytes.word16(node + 6)) {
        pending.append(try bytes.word64(node + 24 + 8 + child * 16))
      }
    }
  }
}
