extension PickleReader {
  /// Carries out one instruction; none of them calls anything.
  mutating func step(_ code: UInt8) throws(ArrayFileError) {
    switch code {
    // Plain values
    case UInt8(ascii: "N"): try pushConstant(0)
    case 0x89: try pushConstant(1)
    case 0x88: try pushConstant(2)
    case UInt8(ascii: "I"): try pushInt(line())
    case UInt8(ascii: "L"): try pushLong(line())
    case UInt8(ascii: "J"):
      try pushInteger(Int64(Int32(bitPattern: UInt32(truncatingIfNeeded: unsigned(4)))))
    case UInt8(ascii: "K"): try pushInteger(Int64(byte()))
    case UInt8(ascii: "M"): try pushInteger(Int64(unsigned(2)))
    case 0x8A: try pushLittleEndian(counted(1))
    case 0x8B: try pushLittleEndian(counted(4))
    case UInt8(ascii: "F"): try pushFloat(line())
    case UInt8(ascii: "G"): try push(.real(Double(bitPattern: unsigned(8).byteSwapped)))
    case UInt8(ascii: "S"): try pushQuoted(line())
    case UInt8(ascii: "T"): try pushPythonTwoString(counted(4))
    case UInt8(ascii: "U"): try pushPythonTwoString(counted(1))
    case UInt8(ascii: "V"): try pushRawUnicode(line())
    case 0x8C: try pushText(counted(1))
    case UInt8(ascii: "X"): try pushText(counted(4))
    case 0x8D: try pushText(counted(8))
    case UInt8(ascii: "C"): try push(.bytes(counted(1)))
    case UInt8(ascii: "B"): try push(.bytes(counted(4)))
    case 0x8E, 0x96: try push(.bytes(counted(8)))
    // Containers
    case UInt8(ascii: "("): try pushMark()
    case UInt8(ascii: "]"): try push(.list(addChildren([])))
    case UInt8(ascii: ")"): try push(.tuple(addChildren([])))
    case UInt8(ascii: "}"): try push(.dictionary(addChildren([])))
    case 0x8F: try push(.set(addChildren([])))
    case UInt8(ascii: "l"): try push(.list(addChildren(popToMark())))
    case UInt8(ascii: "t"): try push(.tuple(addChildren(popToMark())))
    case UInt8(ascii: "d"):
      let values = try popToMark()
      guard values.count.isMultiple(of: 2) else { throw failure("a dictionary lacks a value") }
      try push(.dictionary(addChildren(values)))
    case 0x91: try push(.set(addChildren(popToMark())))
    case 0x85: try pushTuple(1)
    case 0x86: try pushTuple(2)
    case 0x87: try pushTuple(3)
    case UInt8(ascii: "a"): try append([pop()])
    case UInt8(ascii: "e"), 0x90: try append(popToMark())
    case UInt8(ascii: "s"):
      let value = try pop()
      try setItems([pop(), value])
    case UInt8(ascii: "u"): try setItems(popToMark())
    // The stack and the memo
    case UInt8(ascii: "0"):
      if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = try pop() }
    case UInt8(ascii: "1"): _ = try popToMark()
    case UInt8(ascii: "2"): try push(top())
    case UInt8(ascii: "p"): try memoize(decimal(line()))
    case UInt8(ascii: "q"): try memoize(Int(byte()))
    case UInt8(ascii: "r"): try memoize(Int(unsigned(4)))
    case 0x94: try memoize(nil)
    case UInt8(ascii: "g"): try push(recall(decimal(line())))
    case UInt8(ascii: "h"): try push(recall(Int(byte())))
    case UInt8(ascii: "j"): try push(recall(Int(unsigned(4))))
    // Names and objects, kept as records
    case UInt8(ascii: "c"):
      let module = try make(.text(line()))
      try push(.global(addChildren([module, make(.text(line()))])))
    case 0x93:
      let name = try pop()
      let module = try pop()
      guard case .text = node(name), case .text = node(module) else {
        throw failure("the pickle names a class by something else than text")
      }
      try push(.global(addChildren([module, name])))
    case 0x82, 0x83, 0x84:
      _ = try unsigned(1 << Int(code - 0x82))
      try pushExtension()
    case UInt8(ascii: "R"), 0x81:
      let arguments = try pop()
      try pushObject(pop(), arguments)
    case 0x92:
      let named = try pop()
      let arguments = try pop()
      let callable = try pop()
      try pushObject(callable, make(.tuple(addChildren([arguments, named]))))
    case UInt8(ascii: "i"):
      let module = try make(.text(line()))
      let global = try make(.global(addChildren([module, make(.text(line()))])))
      try pushObject(global, make(.tuple(addChildren(popToMark()))))
    case UInt8(ascii: "o"):
      let values = try popToMark()
      guard let callable = values.first else { throw failure("an object lacks its class") }
      try pushObject(callable, make(.tuple(addChildren(Array(values.dropFirst())))))
    case UInt8(ascii: "b"):
      let state = try pop()
      guard case .object(let place) = node(try top()) else {
        throw failure("the pickle gives a state to something that is no object")
      }
      objects[Int(place)].state = state
    case UInt8(ascii: "P"): try push(.persistent(make(.text(line())).index))
    case UInt8(ascii: "Q"): try push(.persistent(pop().index))
    // The stream
    case 0x80:
      let version = try byte()
      guard version <= 5 else {
        throw failure("the pickle has protocol \(version); 0 to 5 are known")
      }
    case 0x95:
      let length = try unsigned(8)
      guard length <= UInt64(input.count - position) else {
        throw failure("the pickle is cut short")
      }
    case 0x97, 0x98: throw failure("the pickle refers to buffers outside of it")
    default: throw failure("the pickle has an unknown instruction \(code)")
    }
  }

  private mutating func pushTuple(_ count: Int) throws(ArrayFileError) {
    var values: [Reference] = []
    for _ in 0..<count { values.append(try pop()) }
    values.reverse()
    try push(.tuple(addChildren(values)))
  }

  private mutating func pushObject(
    _ callable: Reference, _ arguments: Reference
  ) throws(ArrayFileError) {
    objects.append(Pickle.Object(callable: callable, arguments: arguments))
    try push(.object(Int32(objects.count - 1)))
  }

  /// A class by a number that only the writer's program knew; all such classes look alike here.
  private mutating func pushExtension() throws(ArrayFileError) {
    if let extensionClass { return try push(extensionClass) }
    let module = try make(.text(own(Array("copyreg".utf8))))
    let name = try make(.text(own(Array("extension".utf8))))
    let global = try make(.global(addChildren([module, name])))
    extensionClass = global
    try push(global)
  }

  private mutating func append(_ values: [Reference]) throws(ArrayFileError) {
    switch node(try top()) {
    case .list(let place), .set(let place): children[Int(place)] += values
    case .object(let place): objects[Int(place)].items += values
    default: throw failure("the pickle appends to something that is no list")
    }
  }

  private mutating func setItems(_ values: [Reference]) throws(ArrayFileError) {
    guard values.count.isMultiple(of: 2) else { throw failure("a dictionary lacks a value") }
    switch node(try top()) {
    case .dictionary(let place): children[Int(place)] += values
    case .object(let place):
      for pair in stride(from: 0, to: values.count, by: 2) {
        objects[Int(place)].entries.append((values[pair], values[pair + 1]))
      }
    default: throw failure("the pickle puts a key into something that is no dictionary")
    }
  }

  private func decimal(_ span: PickleSpan) throws(ArrayFileError) -> Int {
    guard span.count <= 20, let value = Int(String(decoding: bytes(span), as: UTF8.self)) else {
      throw failure("the pickle lacks a whole number")
    }
    return value
  }

  private mutating func pushInt(_ span: PickleSpan) throws(ArrayFileError) {
    let text = String(decoding: bytes(span).prefix(24), as: UTF8.self)
    switch text {
    case "00": try pushConstant(1)
    case "01": try pushConstant(2)
    default: try pushInteger(Int64(decimal(span)))
    }
  }

  private mutating func pushLong(_ span: PickleSpan) throws(ArrayFileError) {
    let digits = bytes(span)
    if digits.count <= 20, digits.last == UInt8(ascii: "L"),
      let value = Int64(String(decoding: digits.dropLast(), as: UTF8.self))
    {
      try pushInteger(value)
    } else {
      // Longer than any count: kept as the text it is.
      try pushText(span)
    }
  }

  private mutating func pushLittleEndian(_ span: PickleSpan) throws(ArrayFileError) {
    guard span.count <= 8 else { return try push(.longInteger(span)) }
    var value: Int64 = 0
    let bytes = bytes(span)
    for (place, byte) in bytes.enumerated() { value |= Int64(byte) << (8 * Int64(place)) }
    let unused = 64 - 8 * Int64(bytes.count)
    try pushInteger(bytes.isEmpty ? 0 : (value << unused) >> unused)
  }

  private mutating func pushFloat(_ span: PickleSpan) throws(ArrayFileError) {
    guard let value = Double(String(decoding: bytes(span).prefix(400), as: UTF8.self)) else {
      throw failure("the pickle lacks a number")
    }
    try push(.real(value))
  }

  private mutating func pushText(_ span: PickleSpan) throws(ArrayFileError) {
    guard UTF8Text.firstInvalid(bytes(span)) == nil else {
      // Python lets half surrogates through; they are no text anyone can use.
      let repaired = Array(String(decoding: bytes(span), as: UTF8.self).utf8)
      return try push(.text(own(repaired)))
    }
    try push(.text(span))
  }

  /// Strings of Python 2 are text when they are ASCII and bytes otherwise.
  private mutating func pushPythonTwoString(_ span: PickleSpan) throws(ArrayFileError) {
    if bytes(span).allSatisfy({ $0 < 0x80 }) {
      try push(.text(span))
    } else {
      try push(.bytes(span))
    }
  }

  /// A string between quotes with the escapes of Python.
  private mutating func pushQuoted(_ span: PickleSpan) throws(ArrayFileError) {
    let quoted = bytes(span)
    guard quoted.count >= 2, let first = quoted.first, first == quoted.last,
      first == UInt8(ascii: "'") || first == UInt8(ascii: "\"")
    else { throw failure("the pickle lacks a quoted text") }
    var result: [UInt8] = []
    var place = 1
    while place < quoted.count - 1 {
      let byte = quoted[place]
      place += 1
      guard byte == UInt8(ascii: "\\"), place < quoted.count - 1 else {
        result.append(byte)
        continue
      }
      let escape = quoted[place]
      place += 1
      switch escape {
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "x"):
        guard place + 1 < quoted.count - 1,
          let value = UInt8(String(decoding: quoted[place..<place + 2], as: UTF8.self), radix: 16)
        else { throw failure("the pickle has a broken escape") }
        result.append(value)
        place += 2
      default: result.append(escape)
      }
    }
    let isASCII = result.allSatisfy { $0 < 0x80 }
    let owned = own(result)
    try push(isASCII ? .text(owned) : .bytes(owned))
  }

  /// Latin-1 with `\uXXXX` and `\UXXXXXXXX`.
  private mutating func pushRawUnicode(_ span: PickleSpan) throws(ArrayFileError) {
    let raw = bytes(span)
    var result = String.UnicodeScalarView()
    var place = 0
    while place < raw.count {
      let byte = raw[place]
      place += 1
      guard byte == UInt8(ascii: "\\"), place < raw.count,
        raw[place] == UInt8(ascii: "u") || raw[place] == UInt8(ascii: "U")
      else {
        result.append(Unicode.Scalar(byte))
        continue
      }
      let digits = raw[place] == UInt8(ascii: "u") ? 4 : 8
      place += 1
      guard place + digits <= raw.count,
        let value = UInt32(
          String(decoding: raw[place..<place + digits], as: UTF8.self), radix: 16)
      else { throw failure("the pickle has a broken escape") }
      result.append(Unicode.Scalar(value) ?? "\u{FFFD}")
      place += digits
    }
    try push(.text(own(Array(String(result).utf8))))
  }
}
