import Foundation

/// A strict reader of the one Python literal an npy header is.
///
/// That is a dictionary with a type name, a truth value and a tuple of whole numbers; it knows
/// nothing else of Python.
struct PythonLiteral {
  struct Fields {
    var descriptor: String
    var isFortranOrder: Bool
    var shape: [Int]
  }

  private let text: UnsafeRawBufferPointer
  private let offset: Int
  private let url: URL
  private var position = 0

  init(_ text: UnsafeRawBufferPointer, offset: Int, file url: URL) {
    self.text = text
    self.offset = offset
    self.url = url
  }

  mutating func headerDictionary() throws(ArrayFileError) -> Fields {
    var descriptor: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try expect("{")
    while !take("}") {
      let key = try string()
      try expect(":")
      switch key {
      case "descr" where descriptor == nil:
        skipSpace()
        if peek() == UInt8(ascii: "[") {
          throw failure(
            "is an array of records with named fields",
            advice: "Save each field as an array of its own")
        }
        descriptor = try string()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try truth()
      case "shape" where shape == nil: shape = try tuple()
      default: throw failure("the header names '\(key.prefix(40))' unexpectedly")
      }
      if take("}") { break }
      try expect(",")
    }
    skipSpace()
    while position < text.count, text[position] == 0 { position += 1 }
    guard position == text.count else { throw failure("the header has text after its end") }
    guard let descriptor, let isFortranOrder, let shape else {
      throw failure("the header lacks one of 'descr', 'fortran_order' and 'shape'")
    }
    return Fields(descriptor: descriptor, isFortranOrder: isFortranOrder, shape: shape)
  }

  private func failure(_ problem: String, advice: String? = nil) -> ArrayFileError {
    ArrayFileError(
      .badData, url, place: "byte \(offset + position)", problem: problem, advice: advice)
  }

  private func peek() -> UInt8? { position < text.count ? text[position] : nil }

  private mutating func skipSpace() {
    while let byte = peek(), byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) { position += 1 }
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

  private mutating func string() throws(ArrayFileError) -> String {
    skipSpace()
    // Python 2 wrote u'...' and b'...'.
    if let byte = peek(), byte == UInt8(ascii: "u") || byte == UInt8(ascii: "b") { position += 1 }
    guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw failure("the header lacks a quoted name here")
    }
    position += 1
    let start = position
    while let byte = peek(), byte != quote {
      guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else {
        throw failure("the header has an unexpected character in a name")
      }
      position += 1
    }
    guard peek() == quote else { throw failure("the header ends inside a name") }
    position += 1
    return String(decoding: text[start..<position - 1], as: UTF8.self)
  }

  private mutating func truth() throws(ArrayFileError) -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)]
    where text[position...].starts(with: Array(word.utf8)) {
      position += word.utf8.count
      return value
    }
    throw failure("the header needs True or False here")
  }

  private mutating func tuple() throws(ArrayFileError) -> [Int] {
    try expect("(")
    var sizes: [Int] = []
    while !take(")") {
      sizes.append(try size())
      if take(")") { break }
      try expect(",")
    }
    return sizes
  }

  private mutating func size() throws(ArrayFileError) -> Int {
    skipSpace()
    var value = 0
    let start = position
    while let byte = peek(), byte >= 0x30, byte <= 0x39 {
      let (scaled, high) = value.multipliedReportingOverflow(by: 10)
      let (next, carry) = scaled.addingReportingOverflow(Int(byte - 0x30))
      guard !high, !carry else { throw failure("the header has a size too large to address") }
      value = next
      position += 1
    }
    guard position > start else { throw failure("the header needs a whole number here") }
    if peek() == UInt8(ascii: "L") { position += 1 }  // Python 2 wrote long integers so.
    return value
  }
}
