import ArrayFiles
import Foundation

/// The folder of an atlas while it is written: scripts of data, pictures and the page.
///
/// It gets its name when everything in it is complete.
struct AtlasFolder {
  /// Cells in a file of what is small for each: positions, columns.
  static let block = 65_536
  /// Cells in a file of what is large for each: ids, neighbours, spectra.
  static let smallBlock = 4_096

  private let staged: StagedFolder

  /// Makes the hidden folder that becomes the atlas.
  ///
  /// - Throws: `ArrayFileError` when the target holds something or cannot be made.
  init(_ target: URL) throws(ArrayFileError) {
    staged = try StagedFolder(target)
    do throws(ArrayFileError) {
      for name in ["app", "data", "pictures"] {
        try NewFolder.make(staged.url.appending(path: name, directoryHint: .isDirectory))
      }
    } catch {
      staged.discard()
      throw error
    }
  }

  /// Gives the folder its name.
  func publish() throws(ArrayFileError) { try staged.publish() }

  /// Removes what was written.
  func discard() { staged.discard() }

  /// Writes a file of any kind; safe on several threads for different names.
  func write(_ bytes: [UInt8], to name: String) throws(ArrayFileError) {
    try AtomicFile.write(bytes, to: staged.url.appending(path: name))
  }

  /// Writes a file that is in memory of C.
  func write(_ bytes: UnsafeRawBufferPointer, to name: String) throws(ArrayFileError) {
    let file = try AtomicFile(staged.url.appending(path: name))
    try file.write(bytes)
    try file.finish()
  }

  /// Writes `data/NAME.js`, a script that hands over an object: a page from disk may run scripts and
  /// read nothing else.
  ///
  /// - Parameters:
  ///   - name: the name of the file without its ending, and of the data.
  ///   - json: the object.
  func script(_ name: String, _ json: String) throws(ArrayFileError) {
    try write(
      Array("AtlasData.receive(\"\(name)\", \(json));\n".utf8), to: "data/\(name).js")
  }

  /// Writes an object as a script.
  func script(_ name: String, _ object: some Encodable) throws {
    try script(name, Self.json(object))
  }

  /// JSON with sorted keys, so that the same data gives the same bytes.
  static func json(_ object: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(object), as: UTF8.self)
  }

  /// Numbers as base64 of their little-endian bytes.
  static func base64<Number>(_ values: [Number]) -> String {
    // Every processor that Swift runs on here keeps its numbers little-endian.
    values.withUnsafeBytes { Data($0).base64EncodedString() }
  }

  /// Cuts rows into blocks: the number of each and its rows.
  static func blocks(of rows: Int, size: Int) -> [(number: Int, rows: Range<Int>)] {
    stride(from: 0, to: rows, by: size).enumerated().map {
      ($0.offset, $0.element..<min(rows, $0.element + size))
    }
  }
}
