import Foundation

/// Reads the central directory of a zip archive, with 64-bit extensions (APPNOTE 6.3, section 4.3).
struct ZipDirectoryReader {
  private let file: MappedFile
  private let bytes: UnsafeRawBufferPointer

  init(_ file: MappedFile) {
    self.file = file
    bytes = file.bytes
  }

  private struct End {
    var entryCount: UInt64
    var start: Int
    var end: Int
  }

  mutating func entries() throws(ArrayFileError) -> [ZipArchive.Entry] {
    let directory = try findEnd()
    // A central record takes 46 bytes at least, so the count cannot reserve more than the file.
    guard directory.entryCount <= UInt64((directory.end - directory.start) / 46) else {
      throw failure("claims \(directory.entryCount) entries, more than its directory can hold")
    }
    var entries: [ZipArchive.Entry] = []
    entries.reserveCapacity(Int(directory.entryCount))
    var place = directory.start
    for _ in 0..<directory.entryCount {
      entries.append(try entry(&place, directory))
    }
    let occupied = entries.map(\.range).filter { !$0.isEmpty }.sorted {
      $0.lowerBound < $1.lowerBound
    }
    for (left, right) in zip(occupied, occupied.dropFirst())
    where left.upperBound > right.lowerBound {
      throw failure("has entries that overlap at byte \(right.lowerBound)")
    }
    return entries
  }

  private func findEnd() throws(ArrayFileError) -> End {
    let last = bytes.count - 22
    var place = last
    while place >= 0, place >= last - 65_535 {
      if word32(place) == 0x0605_4B50, place + 22 + Int(word16(place + 20)) <= bytes.count {
        return try end(at: place)
      }
      place -= 1
    }
    throw failure("is no zip archive, or it is cut short: it has no end record")
  }

  private func end(at place: Int) throws(ArrayFileError) -> End {
    var entryCount = UInt64(word16(place + 10))
    var size = UInt64(word32(place + 12))
    var start = UInt64(word32(place + 16))
    guard word16(place + 4) == 0 || word16(place + 4) == 0xFFFF else {
      throw failure(
        "is one of several volumes",
        advice: "Join them into one archive: zip -s 0 parts.zip --out whole.zip")
    }
    var limit = place
    if entryCount == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF,
      place >= 20, word32(place - 20) == 0x0706_4B50
    {
      guard let record = Int(exactly: word64(place - 12)), record <= place - 20 - 56,
        word32(record) == 0x0606_4B50
      else { throw failure("has a broken 64-bit end record") }
      entryCount = word64(record + 32)
      size = word64(record + 40)
      start = word64(record + 48)
      limit = record
    }
    let (end, overflow) = start.addingReportingOverflow(size)
    guard !overflow, end <= UInt64(limit) else {
      throw failure("has a directory that lies outside the file")
    }
    return End(entryCount: entryCount, start: Int(start), end: Int(end))
  }

  private func entry(_ place: inout Int, _ directory: End) throws(ArrayFileError)
    -> ZipArchive.Entry
  {
    guard directory.end - place >= 46, word32(place) == 0x0201_4B50 else {
      throw failure("has a broken directory at byte \(place)")
    }
    let flags = word16(place + 8)
    let method = word16(place + 10)
    let checksum = word32(place + 16)
    var packedCount = UInt64(word32(place + 20))
    var byteCount = UInt64(word32(place + 24))
    let nameCount = Int(word16(place + 28))
    let extraCount = Int(word16(place + 30))
    let commentCount = Int(word16(place + 32))
    var header = UInt64(word32(place + 42))
    let next = place + 46 + nameCount + extraCount + commentCount
    guard next <= directory.end else { throw failure("has a broken directory at byte \(place)") }
    let nameBytes = UnsafeRawBufferPointer(rebasing: bytes[place + 46..<place + 46 + nameCount])
    let name = String(decoding: nameBytes, as: UTF8.self)
    try check(name, nameBytes)
    func bad(_ problem: String, advice: String? = nil) -> ArrayFileError {
      failure(problem, place: "entry '\(name.prefix(200))'", advice: advice)
    }
    var extra = place + 46 + nameCount
    let extraEnd = extra + extraCount
    while extraEnd - extra >= 4 {
      let size = Int(word16(extra + 2))
      guard extra + 4 + size <= extraEnd else { break }
      if word16(extra) == 1 {
        var field = extra + 4
        func take(_ value: inout UInt64) throws(ArrayFileError) {
          guard value == 0xFFFF_FFFF else { return }
          guard field + 8 <= extra + 4 + size else { throw bad("has broken 64-bit sizes") }
          value = word64(field)
          field += 8
        }
        try take(&byteCount)
        try take(&packedCount)
        try take(&header)
      }
      extra += 4 + size
    }
    guard flags & 1 == 0 else { throw bad("is encrypted", advice: "Save it without a password") }
    guard method == 0 || method == 8 else {
      throw bad(
        "is packed by method \(method); stored and deflated entries are read",
        advice: "Unpack the archive, and pack it again with deflate or without packing")
    }
    guard header <= UInt64(directory.start), directory.start - Int(header) >= 30,
      word32(Int(header)) == 0x0403_4B50
    else { throw bad("has no header where the directory says") }
    let local = Int(header)
    guard Int(word16(local + 26)) == nameCount,
      local + 30 + nameCount <= directory.start,
      bytes[local + 30..<local + 30 + nameCount].elementsEqual(nameBytes),
      word16(local + 8) == method
    else { throw bad("is described differently in the directory and at its place") }
    let start = local + 30 + nameCount + Int(word16(local + 28))
    guard start <= directory.start, packedCount <= UInt64(directory.start - start) else {
      throw bad("lies outside the file")
    }
    guard method == 8 || packedCount == byteCount else {
      throw bad("is stored as it is, but has two different sizes")
    }
    let limit = max(
      UInt64(ZipArchive.harmlessByteCount), packedCount * UInt64(ZipArchive.highestExpansion))
    guard byteCount <= limit else {
      throw bad(
        "claims to grow from \(packedCount) to \(byteCount) bytes; more than "
          + "\(ZipArchive.highestExpansion)-fold is refused")
    }
    place = next
    return ZipArchive.Entry(
      name: name, isDeflated: method == 8, checksum: checksum,
      range: start..<start + Int(packedCount), byteCount: Int(byteCount))
  }

  private func check(_ name: String, _ raw: UnsafeRawBufferPointer) throws(ArrayFileError) {
    let parts = name.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }
    let leadsOut = parts.contains("..") || name.hasPrefix("/") || name.hasPrefix("\\")
    guard !name.isEmpty, !leadsOut, !raw.contains(0), UTF8Text.firstInvalid(raw) == nil else {
      throw failure("has an entry with the unsafe name '\(name.prefix(200))'")
    }
  }

  private func failure(
    _ problem: String, place: String? = nil, advice: String? = nil
  ) -> ArrayFileError {
    ArrayFileError(
      .badData, file.url, place: place, problem: problem,
      advice: advice ?? "The file may be damaged; copy it again from its source")
  }

  private func word16(_ place: Int) -> UInt16 {
    bytes.loadUnaligned(fromByteOffset: place, as: UInt16.self).littleEndian
  }
  private func word32(_ place: Int) -> UInt32 {
    bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self).littleEndian
  }
  private func word64(_ place: Int) -> UInt64 {
    bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self).littleEndian
  }
}
