package import Foundation

/// Images as other programs write them, 37 x 29 pixels; `tools/reference/image_files.py` made the files.
package enum ImageFixture {
  /// A file of `Tests/Fixtures/images`.
  package static func fixture(_ name: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/images/\(name)", directoryHint: .notDirectory)
  }

  /// Pixel x, y of a page, by the formula of the script.
  package static func value(_ x: Int, _ y: Int, page: Int = 0) -> Float {
    Float((7 * x + 13 * y + x * y + 31 * page) % 251)
  }

  /// All pixels of a page, row by row.
  package static func page(_ page: Int = 0, _ change: (Float) -> Float = { $0 }) -> [Float] {
    (0..<29 * 37).map { change(value($0 % 37, $0 / 37, page: page)) }
  }
}
