package import Foundation

/// The parts of the PNG format that figures need.
package enum PNG {
  /// The picture with its resolution stated, so that it is placed at its real size.
  ///
  /// Returns the picture unchanged if it is no PNG.
  package static func withResolution(_ pixelsPerInch: Int, _ picture: Data) -> Data {
    // The signature (8 bytes) and the header chunk (4 length, 4 name, 13 content, 4 checksum).
    let headerEnd = 33
    let bytes = [UInt8](picture)
    guard bytes.count > headerEnd, Array(bytes[..<8]) == signature,
      Array(bytes[12..<16]) == Array("IHDR".utf8)
    else { return picture }
    let perMetre = UInt32((Double(pixelsPerInch) / 0.0254).rounded())
    let resolution = chunk("pHYs", bigEndian(perMetre) + bigEndian(perMetre) + [1])
    return Data(bytes[..<headerEnd] + resolution + bytes[headerEnd...])
  }

  /// Width and height in pixels, or `nil` if it is no PNG.
  package static func size(of picture: Data) -> (width: Int, height: Int)? {
    let bytes = [UInt8](picture.prefix(24))
    guard bytes.count == 24, Array(bytes[..<8]) == signature else { return nil }
    func number(_ start: Int) -> Int { bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
    return (number(16), number(20))
  }

  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + content
    return bigEndian(UInt32(content.count)) + body + bigEndian(checksum(body))
  }

  static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// CRC-32 as the PNG specification defines it.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes { crc = table[Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8) }
    return crc ^ 0xFFFF_FFFF
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { c, _ in c & 1 == 1 ? 0xEDB8_8320 ^ (c >> 1) : c >> 1 }
  }
}
