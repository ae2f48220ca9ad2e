import Foundation

/// The bytes of an HDF5 file, read with every place checked.
struct HDF5Bytes: Sendable {
  let file: MappedFile

  var count: Int { file.byteCount }

  func bad(_ problem: String, at place: Int? = nil, advice: String? = nil) -> ArrayFileError {
    ArrayFileError(
      .badData, file.url, place: place.map { "byte \($0)" }, problem: problem,
      advice: advice ?? "The file may be damaged; copy it again from its source")
  }

  func check(_ place: Int, _ length: Int) throws(ArrayFileError) {
    guard place >= 0, length >= 0, length <= count, place <= count - length else {
      throw bad("refers to \(length) bytes at \(place), outside its \(count) bytes")
    }
  }

  func byte(_ place: Int) throws(ArrayFileError) -> Int {
    try check(place, 1)
    return Int(file.bytes[place])
  }

  func word16(_ place: Int) throws(ArrayFileError) -> Int {
    try check(place, 2)
    return Int(file.bytes.loadUnaligned(fromByteOffset: place, as: UInt16.self).littleEndian)
  }

  func word32(_ place: Int) throws(ArrayFileError) -> Int {
    try check(place, 4)
    return Int(file.bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self).littleEndian)
  }

  /// A length or an address; values that do not fit are no lengths.
  func word64(_ place: Int) throws(ArrayFileError) -> Int {
    try check(place, 8)
    let value = file.bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self).littleEndian
    guard value <= UInt64(Int.max / 4) else {
      throw bad("has a length or address of \(value), which makes no sense", at: place)
    }
    return Int(value)
  }

  /// An address, or nil for the one that stands for none.
  func address(_ place: Int) throws(ArrayFileError) -> Int? {
    try check(place, 8)
    let value = file.bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
    return value == .max ? nil : try word64(place)
  }

  func expect(_ signature: String, _ place: Int) throws(ArrayFileError) {
    try check(place, 4)
    guard file.bytes[place..<place + 4].elementsEqual(signature.utf8) else {
      throw bad("lacks the mark \(signature)", at: place)
    }
  }

  /// Text up to a zero byte.
  func text(_ place: Int, limit: Int) throws(ArrayFileError) -> String {
    try check(place, 0)
    let end = min(count, limit)
    guard place <= end, let length = file.bytes[place..<end].firstIndex(of: 0) else {
      throw bad("has a name without an end", at: place)
    }
    return String(decoding: file.bytes[place..<length], as: UTF8.self)
  }

  func text(_ place: Int, count: Int) throws(ArrayFileError) -> String {
    try check(place, count)
    return String(decoding: file.bytes[place..<place + count].prefix { $0 != 0 }, as: UTF8.self)
  }
}
