import Foundation

/// A strict reader of the header of a safetensors file.
///
/// The header is JSON of a fixed depth, so this reader has no recursion, and it notices names that
/// occur twice, which general JSON readers hide.
struct SafetensorsHeader {
  struct Tensor {
    var name: String
    var type: String
    var shape: [Int]
    var begin: Int
    var end: Int
  }

  private let text: UnsafeRawBufferPointer
  private let url: URL
  private var position = 0

  init(_ text: UnsafeRawBufferPointer, file url: URL) {
    self.text = text
    self.url = url
  }

  mutating func parse() throws(ArrayFileError) -> (tensors: [Tensor], metadata: [String: String]) {
    var tensors: [Tensor] = []
    var metadata: [String: String]?
    try expect("{")
    if !take("}") {
      repeat {
        let name = try string()
        try expect(":")
        if name == "__metadata__" {
          guard metadata == nil else { throw failure("has __metadata__ twice") }
          metadata = try stringDictionary()
        } else {
          tensors.append(try tensor(name))
        }
      } while take(",")
      try expect("}")
    }
    skipSpace()
    guard position == text.count else { throw failure("the header has text after its end") }
    return (tensors, metadata ?? [:])
  }

  private mutating func tensor(_ name: String) throws(ArrayFileError) -> Tensor {
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    try expect("{")
    repeat {
      let key = try string()
      try expect(":")
      switch key {
      case "dtype" where type == nil: type = try string()
      case "shape" where shape == nil: shape = try integers()
      case "data_offsets" where offsets == nil: offsets = try integers()
      default: throw failure("the header names '\(key.prefix(40))' unexpectedly")
      }
    } while take(",")
    try expect("}")
    guard let type, let shape, let offsets, offsets.count == 2, shape.count <= 64 else {
      throw failure("tensor '\(name.prefix(200))' lacks a dtype, a shape or two data_offsets")
    }
    return Tensor(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }

  private mutating func stringDictionary() throws(ArrayFileError) -> [String: String] {
    var result: [String: String] = [:]
    try expect("{")
    if take("}") { return result }
    repeat {
      let key = try string()
      try expect(":")
      guard result.updateValue(try string(), forKey: key) == nil else {
        throw failure("has the metadata '\(key.prefix(40))' twice")
      }
    } while take(",")
    try expect("}")
    return result
  }

  private mutating func integers() throws(ArrayFileError) -> [Int] {
    var result: [Int] = []
    try expect("[")
    if take("]") { return result }
    repeat {
      skipSpace()
      let start = position
      var value = 0
      while let byte = peek(), byte >= 0x30, byte <= 0x39 {
        let (scaled, high) = value.multipliedReportingOverflow(by: 10)
        let (next, carry) = scaled.addingReportingOverflow(Int(byte - 0x30))
        guard !high, !carry else { throw failure("the header has a number too large to address") }
        value = next
        position += 1
      }
      guard position > start else { throw failure("the header needs a whole number here") }
      result.append(value)
    } while take(",")
    try expect("]")
    return result
  }

  private mutating func string() throws(ArrayFileError) -> String {
    try expect("\"")
    var bytes: [UInt8] = []
    while let byte = peek() {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard bytes.withUnsafeBytes({ UTF8Text.firstInvalid($0) }) == nil else {
          throw failure("the header is not valid UTF-8")
        }
        return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"): try bytes.append(contentsOf: escaped())
      case 0..<0x20: throw failure("the header has a control character in a name")
      default: bytes.append(byte)
      }
    }
    throw failure("the header ends inside a name")
  }

  private mutating func escaped() throws(ArrayFileError) -> [UInt8] {
    guard let byte = peek() else { throw failure("the header ends inside a name") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      var scalar = try fourHexDigits()
      if (0xD800..<0xDC00).contains(scalar), text[position...].starts(with: Array("\\u".utf8)) {
        position += 2
        let low = try fourHexDigits()
        guard (0xDC00..<0xE000).contains(low) else {
          throw failure("the header has half a surrogate pair")
        }
        scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let character = Unicode.Scalar(scalar) else {
        throw failure("the header has half a surrogate pair")
      }
      return Array(String(Character(character)).utf8)
    default: throw failure("the header has an unknown escape in a name")
    }
  }

  private mutating func fourHexDigits() throws(ArrayFileError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("the header has a broken escape in a name")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private func peek() -> UInt8? { position < text.count ? text[position] : nil }

  private mutating func skipSpace() {
    while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(ArrayFileError) {
    guard take(character) else { throw failure("the header lacks a '\(character)' here") }
  }

  private func failure(_ problem: String) -> ArrayFileError {
    ArrayFileError(.badData, url, place: "byte \(8 + position)", problem: problem)
  }
}
