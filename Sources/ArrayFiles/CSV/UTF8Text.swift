/// Checks of bytes that should be UTF-8 text.
enum UTF8Text {
  /// The place of the first byte that does not belong to valid UTF-8, or nil.
  static func firstInvalid(_ bytes: UnsafeRawBufferPointer) -> Int? {
    var place = 0
    while place < bytes.count {
      let lead = bytes[place]
      if lead < 0x80 {
        place += 1
        continue
      }
      let length: Int
      let least: UInt32
      var scalar: UInt32
      switch lead {
      case 0xC2...0xDF: (length, least, scalar) = (2, 0x80, UInt32(lead & 0x1F))
      case 0xE0...0xEF: (length, least, scalar) = (3, 0x800, UInt32(lead & 0x0F))
      case 0xF0...0xF4: (length, least, scalar) = (4, 0x10000, UInt32(lead & 0x07))
      default: return place
      }
      guard place + length <= bytes.count else { return place }
      for next in 1..<length {
        let byte = bytes[place + next]
        guard byte & 0xC0 == 0x80 else { return place }
        scalar = scalar << 6 | UInt32(byte & 0x3F)
      }
      guard scalar >= least, scalar <= 0x10FFFF, !(0xD800...0xDFFF).contains(scalar) else {
        return place
      }
      place += length
    }
    return nil
  }
}
