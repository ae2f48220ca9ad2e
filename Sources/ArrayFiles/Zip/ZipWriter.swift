import Foundation

/// Writes a zip archive of stored entries, each at a multiple of 64 bytes, with 64-bit sizes where
/// they are needed.
struct ZipWriter {
  private struct Entry {
    var name: [UInt8]
    var checksum: UInt32
    var byteCount: UInt64
    var header: UInt64
  }

  private let file: AtomicFile
  private var entries: [Entry] = []
  /// Sizes and places from here on are written with 64 bits; tests lower it.
  private let limit: UInt64

  init(_ url: URL, limit: UInt64 = 0xFFFF_FFFF) throws(ArrayFileError) {
    file = try AtomicFile(url)
    self.limit = limit
  }

  /// Appends an entry.
  mutating func append(
    _ name: String, _ bytes: UnsafeRawBufferPointer
  ) throws(ArrayFileError) {
    let name = Array(name.utf8)
    let entry = Entry(
      name: name, checksum: Inflate.checksum(bytes), byteCount: UInt64(bytes.count),
      header: UInt64(file.byteCount))
    var extra: [UInt8] = []
    let isLarge = entry.byteCount >= limit
    if isLarge {
      extra = word16(1) + word16(16) + word64(entry.byteCount) + word64(entry.byteCount)
    }
    // A field of padding, by the number PyTorch uses for its own, brings the data to a round place.
    let unpadded = file.byteCount + 30 + name.count + extra.count + 4
    let padding = (64 - unpadded % 64) % 64
    extra += word16(0x4246) + word16(UInt16(padding)) + [UInt8](repeating: 0x5A, count: padding)
    var header: [UInt8] = word32(0x0403_4B50) + word16(isLarge ? 45 : 20) + word16(0x0800)
    header += word16(0) + word32(Self.noTime) + word32(entry.checksum)
    header += size(entry.byteCount) + size(entry.byteCount)
    header += word16(UInt16(name.count)) + word16(UInt16(extra.count)) + name + extra
    try file.write(header)
    try file.write(bytes)
    entries.append(entry)
  }

  /// Writes the directory and gives the file its name.
  mutating func finish() throws(ArrayFileError) {
    let start = UInt64(file.byteCount)
    for entry in entries {
      var wide: [UInt8] = []
      if entry.byteCount >= limit { wide += word64(entry.byteCount) + word64(entry.byteCount) }
      if entry.header >= limit { wide += word64(entry.header) }
      let extra = wide.isEmpty ? [] : word16(1) + word16(UInt16(wide.count)) + wide
      var record: [UInt8] = word32(0x0201_4B50) + word16(45) + word16(wide.isEmpty ? 20 : 45)
      record += word16(0x0800) + word16(0) + word32(Self.noTime) + word32(entry.checksum)
      record += size(entry.byteCount) + size(entry.byteCount)
      record += word16(UInt16(entry.name.count)) + word16(UInt16(extra.count))
      record += word16(0) + word16(0) + word16(0) + word32(0) + size(entry.header)
      try file.write(record + entry.name + extra)
    }
    let end = UInt64(file.byteCount)
    let count = UInt64(entries.count)
    if start >= limit || end - start >= limit || count >= 0xFFFF {
      var record: [UInt8] = word32(0x0606_4B50) + word64(44) + word16(45) + word16(45)
      record += word32(0) + word32(0) + word64(count) + word64(count)
      record += word64(end - start) + word64(start)
      record += word32(0x0706_4B50) + word32(0) + word64(end) + word32(1)
      try file.write(record)
    }
    let shortCount = UInt16(min(count, 0xFFFF))
    var record: [UInt8] = word32(0x0605_4B50) + word16(0) + word16(0)
    record += word16(shortCount) + word16(shortCount) + size(end - start) + size(start) + word16(0)
    try file.write(record)
    try file.finish()
  }

  /// The first day of 1980, the earliest a zip archive can name: the same content, the same bytes.
  private static let noTime: UInt32 = 0x0021_0000

  private func size(_ value: UInt64) -> [UInt8] {
    word32(value >= limit ? 0xFFFF_FFFF : UInt32(value))
  }

  private func word16(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }
  private func word32(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
  private func word64(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
}
