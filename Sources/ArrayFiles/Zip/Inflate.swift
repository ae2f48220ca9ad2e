import CZlib

/// Unpacking and checksums through zlib.
enum Inflate {
  /// The container around deflated data.
  enum Wrapping: Int32 {
    /// None, as in zip archives.
    case none = -15
    /// A zlib header and checksum, as in HDF5.
    case zlib = 15
  }

  /// Unpacks data that must give exactly `byteCount` bytes; nil when they do not.
  static func unpack(
    _ packed: UnsafeRawBufferPointer, byteCount: Int, wrapping: Wrapping = .none
  ) -> ByteBlock? {
    var stream = z_stream()
    guard
      inflateInit2_(
        &stream, wrapping.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { inflateEnd(&stream) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(byteCount, 1), alignment: 64)
    let block = ByteBlock(owning: buffer).part(0..<byteCount)
    var given = 0
    var filled = 0
    // zlib counts in 32 bits: large entries go through in pieces.
    let piece = 1 << 30
    while true {
      let input = min(piece, packed.count - given)
      let room = min(piece, byteCount - filled)
      stream.next_in = packed.baseAddress.map {
        UnsafeMutablePointer(mutating: ($0 + given).assumingMemoryBound(to: UInt8.self))
      }
      stream.avail_in = UInt32(input)
      stream.next_out = buffer.baseAddress.map { ($0 + filled).assumingMemoryBound(to: UInt8.self) }
      stream.avail_out = UInt32(room)
      let status = inflate(&stream, Z_NO_FLUSH)
      let taken = input - Int(stream.avail_in)
      let made = room - Int(stream.avail_out)
      given += taken
      filled += made
      if status == Z_STREAM_END { return filled == byteCount ? block : nil }
      guard status == Z_OK, taken > 0 || made > 0 else { return nil }
    }
  }

  /// The CRC-32 of zip.
  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var value = crc32(0, nil, 0)
    var place = 0
    while place < bytes.count {
      let count = min(1 << 30, bytes.count - place)
      let start = bytes.baseAddress.map { ($0 + place).assumingMemoryBound(to: UInt8.self) }
      value = crc32(value, start, UInt32(count))
      place += count
    }
    return UInt32(truncatingIfNeeded: value)
  }
}
