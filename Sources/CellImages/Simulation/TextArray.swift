import ArrayFiles
import Foundation

/// Tables of text as NumPy unicode arrays (`<U`), which upstream reads without unpickling anything.
enum TextArray {
  /// Writes rows of equal length as an array `[row, column]`.
  /// - Throws: `ArrayFileError` when writing fails.
  static func write(_ rows: [[String]], to url: URL) throws(ArrayFileError) {
    let columns = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == columns }, "Rows of a table are equally long.")
    let width = max(1, rows.joined().map(\.unicodeScalars.count).max() ?? 0)
    var header =
      "{'descr': '<U\(width)', 'fortran_order': False, 'shape': (\(rows.count), \(columns)), }"
    // Magic, version, length and text together fill whole lines of 64 bytes.
    let preamble = 10
    header += String(repeating: " ", count: 63 - (preamble + header.utf8.count) % 64) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes += [UInt8(header.utf8.count & 0xFF), UInt8(header.utf8.count >> 8)]
    bytes += Array(header.utf8)
    bytes.reserveCapacity(bytes.count + rows.count * columns * width * 4)
    for text in rows.joined() {
      var left = width
      for scalar in text.unicodeScalars {
        withUnsafeBytes(of: scalar.value.littleEndian) { bytes.append(contentsOf: $0) }
        left -= 1
      }
      bytes.append(contentsOf: repeatElement(0, count: left * 4))
    }
    try AtomicFile.write(bytes, to: url)
  }
}
