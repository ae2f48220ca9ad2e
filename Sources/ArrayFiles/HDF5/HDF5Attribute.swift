import Foundation

/// An attribute: a name and a small array.
package struct HDF5Attribute {
  private static let mostTexts = 100_000

  let name: String
  private let bytes: HDF5Bytes
  private let type: HDF5Type
  private let shape: [Int]?
  private let data: Int
  private let end: Int
  private let heap: HDF5GlobalHeap

  init(
    _ bytes: HDF5Bytes, _ message: HDF5Message, heap: HDF5GlobalHeap
  ) throws(ArrayFileError) {
    guard !message.isShared else {
      throw bytes.bad("has a shared attribute, which is not read", at: message.start)
    }
    let version = try bytes.byte(message.start)
    guard (1...3).contains(version) else {
      throw bytes.bad("has an attribute of an unknown version", at: message.start)
    }
    let nameCount = try bytes.word16(message.start + 2)
    let typeCount = try bytes.word16(message.start + 4)
    let shapeCount = try bytes.word16(message.start + 6)
    func padded(_ count: Int) -> Int { version == 1 ? (count + 7) / 8 * 8 : count }
    let nameStart = message.start + (version == 3 ? 9 : 8)
    let typeStart = nameStart + padded(nameCount)
    let shapeStart = typeStart + padded(typeCount)
    data = shapeStart + padded(shapeCount)
    end = message.end
    guard data <= end else { throw bytes.bad("has a broken attribute", at: message.start) }
    name = try bytes.text(nameStart, count: nameCount)
    self.bytes = bytes
    self.heap = heap
    // A type or shape that lies elsewhere makes the attribute unreadable, not the file.
    let flags = version == 1 ? 0 : try bytes.byte(message.start + 1)
    type = flags & 1 != 0 ? .other("a named type") : try HDF5Type(bytes, typeStart)
    shape = flags & 2 != 0 ? nil : try HDF5Shape.read(bytes, shapeStart)
  }

  /// The attribute as a list of texts.
  package func strings() throws(ArrayFileError) -> [String] {
    guard let shape, let count = PickledArray.count(shape), count > 0 else { return [] }
    guard count <= Self.mostTexts else {
      throw bytes.bad("has the attribute '\(name.prefix(80))' of \(count) texts", at: data)
    }
    guard let width = type.byteCount else { throw wrongType() }
    let (size, overflow) = count.multipliedReportingOverflow(by: width)
    guard !overflow, size <= end - data, width > 0 else {
      throw bytes.bad("has the attribute '\(name.prefix(80))' cut short", at: data)
    }
    var result: [String] = []
    switch type {
    case .text(let width):
      for place in 0..<count {
        result.append(try bytes.text(data + place * width, count: width))
      }
    case .longText:
      // Many names may share one long text; together they cannot honestly pass the file.
      var total = 0
      for place in 0..<count {
        let text = try heap.text(data + place * 16, attribute: name)
        total += text.utf8.count
        guard total <= max(bytes.count, 1 << 20) * 2 else {
          throw bytes.bad("has the attribute '\(name.prefix(80))' of too much text", at: data)
        }
        result.append(text)
      }
    default: throw wrongType()
    }
    return result
  }

  private func wrongType() -> ArrayFileError {
    bytes.bad("has the attribute '\(name.prefix(80))', which is no text", at: data)
  }
}
