import Foundation

/// Texts of any length, which lie in collections anywhere in the file.
final class HDF5GlobalHeap {
  private let bytes: HDF5Bytes
  /// The objects of each collection by number; a collection is walked once.
  private var collections: [Int: [Int: Range<Int>]] = [:]

  init(_ bytes: HDF5Bytes) { self.bytes = bytes }

  /// The text an element refers to: its length, the address of a collection and a number in it.
  func text(_ place: Int, attribute: String) throws(ArrayFileError) -> String {
    let count = try bytes.word32(place)
    guard count > 0 else { return "" }
    let collection = try bytes.word64(place + 4)
    let number = try bytes.word32(place + 12)
    guard let object = try objects(collection)[number], count <= object.count else {
      throw bytes.bad("lacks the text of the attribute '\(attribute.prefix(80))'", at: place)
    }
    return try bytes.text(object.lowerBound, count: count)
  }

  private func objects(_ collection: Int) throws(ArrayFileError) -> [Int: Range<Int>] {
    if let known = collections[collection] { return known }
    try bytes.expect("GCOL", collection)
    let size = try bytes.word64(collection + 8)
    try bytes.check(collection, size)
    let end = collection + size
    var objects: [Int: Range<Int>] = [:]
    var place = collection + 16
    while place + 16 <= end {
      let number = try bytes.word16(place)
      let length = try bytes.word64(place + 8)
      // Number 0 is the free space at the end.
      guard number != 0, length <= end - place - 16 else { break }
      objects[number] = place + 16..<place + 16 + length
      place += 16 + (length + 7) / 8 * 8
    }
    collections[collection] = objects
    return objects
  }
}
