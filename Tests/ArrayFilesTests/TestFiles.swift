import ArrayFiles
import Foundation
import Testing

/// A folder that goes away with the test.
final class Scratch {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(
      path: "arrays-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// A path in the folder, with content when given.
  func file(_ name: String, _ bytes: [UInt8]? = nil) throws -> URL {
    let file = url.appending(path: name, directoryHint: .notDirectory)
    if let bytes { try Data(bytes).write(to: file) }
    return file
  }

  /// The names of the files in the folder.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: url.path(percentEncoded: false)).sorted()
  }
}

/// Files beside the repository that a test may read when they are there.
enum SharedFiles {
  static let folder: URL? = {
    if let path = ProcessInfo.processInfo.environment["CYTOSELF_SHARED"] {
      return URL(filePath: path, directoryHint: .isDirectory)
    }
    var place = URL(filePath: #filePath).deletingLastPathComponent()
    while place.pathComponents.count > 1 {
      place.deleteLastPathComponent()
      let candidate = place.appending(path: "shared", directoryHint: .isDirectory)
      let marker = candidate.appending(path: "golden").path(percentEncoded: false)
      if FileManager.default.fileExists(atPath: marker) { return candidate }
    }
    return nil
  }()

  static var exist: Bool { folder != nil }

  static func url(_ path: String) throws -> URL {
    try #require(folder).appending(path: path, directoryHint: .notDirectory)
  }
}

/// The error a piece of reading ends with.
func arrayFileError(_ body: () throws -> Void) -> ArrayFileError? {
  do { try body() } catch { return error as? ArrayFileError }
  return nil
}

/// An npy file made by hand: any header text, any version, any data.
func npyBytes(_ header: String, version: UInt8 = 1, data: [UInt8] = []) -> [UInt8] {
  let text = Array(header.utf8)
  var bytes: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, version, 0]
  bytes += [UInt8(text.count & 0xFF), UInt8(text.count >> 8 & 0xFF)]
  if version > 1 { bytes += [UInt8(text.count >> 16 & 0xFF), UInt8(text.count >> 24 & 0xFF)] }
  return bytes + text + data
}

/// The bytes of numbers as they lie in memory.
func rawBytes<Element: BitwiseCopyable>(_ values: [Element]) -> [UInt8] {
  values.withUnsafeBytes { Array($0) }
}

/// A file under `Tests/Fixtures/arrays`, made by `tools/reference/array_files.py`.
func fixture(_ name: String) -> URL {
  URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/arrays/\(name)", directoryHint: .notDirectory)
}

/// An entry of a zip archive made by hand: `size` is what it claims to unpack to.
typealias ZipEntry = (name: String, data: [UInt8], method: UInt16, size: UInt32)

/// A zip archive by hand, with lies where a test wants them.
func zipArchive(
  _ entries: [ZipEntry],
  localName: String? = nil, flags: UInt16 = 0, checksum: UInt32 = 0, overlap: Bool = false
) -> [UInt8] {
  func bytes<Number: FixedWidthInteger & BitwiseCopyable>(_ value: Number) -> [UInt8] {
    rawBytes([value])
  }
  var file: [UInt8] = []
  var directory: [UInt8] = []
  for entry in entries {
    let name = Array(entry.name.utf8)
    let local = Array((localName ?? entry.name).utf8)
    let place = overlap ? 0 : UInt32(file.count)
    file +=
      bytes(0x0403_4B50 as UInt32) + bytes(20 as UInt16) + bytes(flags) + bytes(entry.method)
    file += bytes(0 as UInt32) + bytes(checksum) + bytes(UInt32(entry.data.count))
    file +=
      bytes(entry.size) + bytes(UInt16(local.count)) + bytes(0 as UInt16) + local + entry.data
    directory += bytes(0x0201_4B50 as UInt32) + bytes(20 as UInt16) + bytes(20 as UInt16)
    directory += bytes(flags) + bytes(entry.method) + bytes(0 as UInt32) + bytes(checksum)
    directory += bytes(UInt32(entry.data.count)) + bytes(entry.size) + bytes(UInt16(name.count))
    directory += [UInt8](repeating: 0, count: 12) + bytes(place) + name
  }
  let end =
    bytes(0x0605_4B50 as UInt32) + bytes(0 as UInt32) + bytes(UInt16(entries.count))
    + bytes(UInt16(entries.count)) + bytes(UInt32(directory.count)) + bytes(UInt32(file.count))
    + bytes(0 as UInt16)
  return file + directory + end
}
