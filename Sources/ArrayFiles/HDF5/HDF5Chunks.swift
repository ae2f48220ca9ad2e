import Foundation

/// The chunks of a dataset, found through a B-tree, unpacked and put in their places.
struct HDF5Chunks {
  private let bytes: HDF5Bytes
  private let layout: HDF5Message
  private let shape: [Int]
  private let width: Int
  private let filters: [Int]
  private let name: String

  init(
    _ bytes: HDF5Bytes, _ layout: HDF5Message, _ shape: [Int], _ width: Int, _ filters: [Int],
    _ name: String
  ) {
    self.bytes = bytes
    self.layout = layout
    self.shape = shape
    self.width = width
    self.filters = filters
    self.name = name
  }

  private func bad(_ problem: String, at place: Int, advice: String? = nil) -> ArrayFileError {
    bytes.bad("has '\(name.prefix(200))' \(problem)", at: place, advice: advice)
  }

  /// What common filters are called, by their registered numbers.
  private static let filterNames = [
    4: "szip", 307: "bzip2", 32000: "lzf", 32001: "blosc", 32004: "lz4", 32008: "bitshuffle",
    32015: "zstd", 32026: "blosc2",
  ]

  func read() throws(ArrayFileError) -> ByteBlock {
    let rank = shape.count
    guard try bytes.byte(layout.start + 2) == rank + 1, rank > 0 else {
      throw bad("with chunks of another rank than its shape", at: layout.start)
    }
    guard let unknown = filters.first(where: { ![1, 2, 3].contains($0) }) else {
      return try readChunks(rank)
    }
    let filter =
      Self.filterNames[unknown].map { "\($0) (filter \(unknown))" } ?? "filter \(unknown)"
    throw bad(
      "packed by \(filter); deflate, shuffle and checksums are read", at: layout.start,
      advice:
        "The file is sound: save it with compression='gzip', or pack it again with h5repack -f GZIP=4 OLD NEW"
    )
  }

  private func readChunks(_ rank: Int) throws(ArrayFileError) -> ByteBlock {
    var chunk: [Int] = []
    var chunkSize = width
    for axis in 0..<rank {
      let size = try bytes.word32(layout.start + 11 + axis * 4)
      let (product, overflow) = chunkSize.multipliedReportingOverflow(by: size)
      guard size > 0, !overflow else { throw bad("with chunks of no size", at: layout.start) }
      chunk.append(size)
      chunkSize = product
    }
    let size = shape.contains(0) ? 0 : shape.reduce(width, *)
    // Packed data may grow, but neither whole datasets nor chunks beyond reason.
    let limit = max(ZipArchive.harmlessByteCount, bytes.count * ZipArchive.highestExpansion)
    guard size <= limit, chunkSize <= limit else {
      throw bad("claims \(size) bytes, more than the file can honestly hold", at: layout.start)
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(size, 1), alignment: 64)
    let block = ByteBlock(owning: buffer).part(0..<size)
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
    guard size > 0, let tree = try bytes.address(layout.start + 3) else { return block }
    var seen: Set<Int> = []
    var pending = [tree]
    var work = 0
    let keySize = 8 + (rank + 1) * 8
    while let node = pending.popLast() {
      guard seen.insert(node).inserted else {
        throw bad("in a tree that leads into itself", at: node)
      }
      try bytes.expect("TREE", node)
      guard try bytes.byte(node + 4) == 1 else { throw bad("in a tree of another kind", at: node) }
      let isLeaf = try bytes.byte(node + 5) == 0
      for entry in 0..<(try bytes.word16(node + 6)) {
        let key = node + 24 + entry * (keySize + 8)
        let child = try bytes.word64(key + keySize)
        guard isLeaf else {
          pending.append(child)
          continue
        }
        // Each chunk costs its unpacked size; chunks of one place twice are no honest file.
        work += chunkSize
        guard work <= limit * 2 else { throw bad("in more chunks than its shape needs", at: node) }
        var origin: [Int] = []
        for axis in 0..<rank { origin.append(try bytes.word64(key + 8 + axis * 8)) }
        try place(
          try unpacked(
            child, count: try bytes.word32(key), mask: try bytes.word32(key + 4), chunkSize),
          origin, chunk, into: buffer)
      }
    }
    return block
  }

  /// The content of a chunk after its filters, in the reverse order of writing.
  private func unpacked(
    _ address: Int, count: Int, mask: Int, _ chunkSize: Int
  ) throws(ArrayFileError) -> ByteBlock {
    try bytes.check(address, count)
    var block = ByteBlock(bytes.file, address..<address + count)
    for (place, filter) in filters.enumerated().reversed()
    where place >= 32 || mask & (1 << place) == 0 {
      switch filter {
      case 1:
        // Deflated data unpack to a whole chunk, or to one with its checksum.
        let hasChecksum = filters.prefix(place).contains(3)
        guard
          let unpacked = Inflate.unpack(
            block.bytes, byteCount: chunkSize + (hasChecksum ? 4 : 0), wrapping: .zlib)
        else { throw bad("with a chunk that does not unpack", at: address) }
        block = unpacked
      case 3:
        guard block.count >= 4 else { throw bad("with a chunk that is cut short", at: address) }
        block = block.part(0..<block.count - 4)
      default: block = unshuffled(block)
      }
    }
    guard block.count >= chunkSize else {
      throw bad("with a chunk that is cut short", at: address)
    }
    return block
  }

  /// Brings the bytes of each element together again.
  private func unshuffled(_ block: ByteBlock) -> ByteBlock {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(block.count, 1), alignment: 64)
    let count = block.count / width
    let source = block.bytes
    for element in 0..<count {
      for byte in 0..<width { buffer[element * width + byte] = source[byte * count + element] }
    }
    for rest in count * width..<block.count { buffer[rest] = source[rest] }
    return ByteBlock(owning: buffer).part(0..<block.count)
  }

  /// Copies the part of a chunk that lies inside the shape, row by row.
  private func place(
    _ content: ByteBlock, _ origin: [Int], _ chunk: [Int],
    into output: UnsafeMutableRawBufferPointer
  ) throws(ArrayFileError) {
    let rank = shape.count
    for axis in 0..<rank where origin[axis] >= shape[axis] {
      throw bad("with a chunk outside its shape", at: layout.start)
    }
    let extent = (0..<rank).map { min(chunk[$0], shape[$0] - origin[$0]) }
    let rowBytes = extent[rank - 1] * width
    var index = [Int](repeating: 0, count: rank)
    let source = content.bytes
    while true {
      var from = 0
      var to = 0
      for axis in 0..<rank {
        from = from * chunk[axis] + index[axis]
        to = to * shape[axis] + origin[axis] + index[axis]
      }
      output[to * width..<to * width + rowBytes].copyBytes(
        from: source[from * width..<from * width + rowBytes])
      var axis = rank - 2
      while axis >= 0 {
        index[axis] += 1
        if index[axis] < extent[axis] { break }
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
