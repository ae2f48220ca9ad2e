public import Foundation

extension Safetensors {
  /// A tensor to write: its data in C order, little-endian.
  public typealias Source = (
    name: String, elementType: ElementType, shape: [Int], bytes: UnsafeRawBufferPointer
  )

  /// Writes tensors; the file appears when it is complete and synced.
  ///
  /// Data begin at a multiple of 64 bytes, tensors of wider elements first, so that every tensor is
  /// aligned to its element. The same tensors give the same bytes.
  ///
  /// - Throws: `inputOutput` when its folder does not exist or the disk is full or fails.
  public static func write(
    _ tensors: [Source], metadata: [String: String] = [:], to url: URL
  ) throws(ArrayFileError) {
    precondition(
      Set(tensors.map(\.name)).count == tensors.count
        && !tensors.contains { $0.name == "__metadata__" },
      "Tensor names must differ, and none may be __metadata__.")
    let ordered = tensors.enumerated().sorted { left, right in
      let widths = (left.element.elementType.byteCount, right.element.elementType.byteCount)
      return widths.0 != widths.1 ? widths.0 > widths.1 : left.offset < right.offset
    }.map(\.element)
    var header = "{"
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map {
        "\(quoted($0.key)):\(quoted($0.value))"
      }
      header += "\"__metadata__\":{\(pairs.joined(separator: ","))}"
    }
    var offset = 0
    for tensor in ordered {
      let size = tensor.shape.reduce(tensor.elementType.byteCount, *)
      precondition(
        size == tensor.bytes.count,
        "Tensor \(tensor.name) of shape \(tensor.shape) does not hold \(tensor.bytes.count) bytes.")
      guard let type = elementTypes.first(where: { $0.value == tensor.elementType })?.key else {
        preconditionFailure("Every element type has a name in the format.")
      }
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      if header.utf8.count > 1 { header += "," }
      header += "\(quoted(tensor.name)):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],"
      header += "\"data_offsets\":[\(offset),\(offset + size)]}"
      offset += size
    }
    header += "}"
    let padding = (64 - (8 + header.utf8.count) % 64) % 64
    header += String(repeating: " ", count: padding)
    let file = try AtomicFile(url)
    let length = UInt64(header.utf8.count)
    try file.write((0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) })
    try file.write(header)
    for tensor in ordered { try file.write(tensor.bytes) }
    try file.finish()
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
