import Foundation

/// A zip archive mapped into memory, with every entry checked before it is handed out.
///
/// Refused are: names that lead out of a folder, names that occur twice, entries that overlap or
/// lie outside the file, encryption, compression other than deflate, and entries that claim to
/// grow more than a hundredfold.
package struct ZipArchive: Sendable {
  /// An entry as the central directory describes it.
  struct Entry: Sendable {
    var name: String
    var isDeflated: Bool
    var checksum: UInt32
    /// Where the data lie in the file.
    var range: Range<Int>
    var byteCount: Int
  }

  let url: URL
  /// The entries in the order of the central directory.
  let entries: [Entry]
  private let file: MappedFile
  private let places: [String: Int]

  /// Small entries may grow without limit; larger ones at most so many times.
  static let harmlessByteCount = 1 << 20
  static let highestExpansion = 100

  /// Whether a file begins like a zip archive.
  static func begins(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.starts(with: [0x50, 0x4B, 0x03, 0x04])
  }

  /// Reads and checks the directory of an archive.
  ///
  /// - Throws: `badData` when it is no archive or breaks one of the rules above.
  package init(_ file: MappedFile) throws(ArrayFileError) {
    self.file = file
    url = file.url
    var reader = ZipDirectoryReader(file)
    entries = try reader.entries()
    var places: [String: Int] = [:]
    for (place, entry) in entries.enumerated() {
      guard places.updateValue(place, forKey: entry.name) == nil else {
        throw ArrayFileError(
          .badData, file.url, place: "entry '\(entry.name.prefix(200))'",
          problem: "occurs twice in the archive")
      }
    }
    self.places = places
  }

  /// The names of the entries.
  package var names: [String] { entries.map(\.name) }

  /// Whether there is an entry of this name.
  func contains(_ name: String) -> Bool { places[name] != nil }

  /// The content of an entry, unpacked when it is packed, with its checksum verified.
  package func block(_ name: String) throws(ArrayFileError) -> ByteBlock {
    guard let place = places[name] else {
      throw ArrayFileError(
        .badData, url, problem: "has no entry '\(name.prefix(200))' in its archive",
        advice: "The file may be damaged; copy it again from its source")
    }
    let entry = entries[place]
    let packed = ByteBlock(file, entry.range)
    let block = entry.isDeflated ? try unpacked(entry, packed) : packed
    // Writers that leave checksums out write zero.
    if entry.checksum != 0, Inflate.checksum(block.bytes) != entry.checksum {
      throw failure(entry, "does not match its checksum")
    }
    return block
  }

  private func unpacked(_ entry: Entry, _ packed: ByteBlock) throws(ArrayFileError) -> ByteBlock {
    guard let block = Inflate.unpack(packed.bytes, byteCount: entry.byteCount) else {
      throw failure(entry, "is packed wrongly, or does not unpack to \(entry.byteCount) bytes")
    }
    return block
  }

  private func failure(_ entry: Entry, _ problem: String) -> ArrayFileError {
    ArrayFileError(
      .badData, url, place: "entry '\(entry.name.prefix(200))'", problem: problem,
      advice: "The file may be damaged; copy it again from its source")
  }
}
