package import Foundation

extension NPY {
  /// Writes rows of text of equal length as a Unicode array (`<U`) `[row, column]`, which NumPy reads
  /// without unpickling anything.
  /// - Throws: `ArrayFileError` when writing fails.
  package static func writeTable(_ rows: [[String]], to url: URL) throws(ArrayFileError) {
    let columns = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == columns }, "Rows of a table are equally long.")
    let width = max(1, rows.joined().map(\.unicodeScalars.count).max() ?? 0)
    var bytes = NPYHeader.encoded(descriptor: "<U\(width)", shape: [rows.count, columns])
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
