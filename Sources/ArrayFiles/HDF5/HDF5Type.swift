/// The kind of elements of an attribute or dataset.
enum HDF5Type: Equatable {
  case number(ElementType)
  /// Text of a fixed number of bytes.
  case text(Int)
  /// Text of any length, in a heap of the file.
  case longText
  case other(String)

  /// Bytes per element.
  var byteCount: Int? {
    switch self {
    case .number(let type): type.byteCount
    case .text(let count): count
    case .longText: 16
    case .other: nil
    }
  }

  init(_ bytes: HDF5Bytes, _ place: Int) throws(ArrayFileError) {
    let kind = try bytes.byte(place) & 15
    let flags = try bytes.byte(place + 1)
    let size = try bytes.word32(place + 4)
    switch kind {
    case 0:
      let types: [Int: ElementType] =
        flags & 8 != 0
        ? [1: .int8, 2: .int16, 4: .int32, 8: .int64]
        : [1: .uint8, 2: .uint16, 4: .uint32, 8: .uint64]
      guard flags & 1 == 0 || size == 1 else {
        self = .other("big-endian numbers")
        return
      }
      guard let type = types[size] else {
        self = .other("whole numbers of \(size) bytes")
        return
      }
      self = .number(type)
    case 1:
      guard flags & 0x41 == 0 else {
        self = .other("big-endian numbers")
        return
      }
      let exponent = try bytes.byte(place + 13)
      switch (size, exponent) {
      case (2, 5): self = .number(.float16)
      case (2, 8): self = .number(.bfloat16)
      case (4, 8): self = .number(.float32)
      case (8, 11): self = .number(.float64)
      default: self = .other("floating-point numbers of \(size) bytes")
      }
    case 3: self = .text(size)
    case 9: self = flags & 15 == 1 ? .longText : .other("lists of any length")
    default: self = .other("elements of class \(kind)")
    }
  }
}
