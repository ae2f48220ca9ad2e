import Foundation

/// The machine that reads a pickle: a stack, marks and a memo, and values by number.
struct PickleReader {
  typealias Reference = Pickle.Reference

  private(set) var nodes: [PickleNode] = []
  var children: [[Reference]] = []
  var objects: [Pickle.Object] = []
  private(set) var position = 0

  let input: UnsafeRawBufferPointer
  private let url: URL
  private let offset: Int
  var stack: [Reference] = []
  var marks: [Int] = []
  /// The memo is written in order as a rule; numbers out of order go to the dictionary.
  private var memo: [Reference] = []
  private var scatteredMemo: [Int: Reference] = [:]
  /// Text that does not lie in the input as it is; spans from `input.count` on refer to it.
  private var extraText: [UInt8] = []
  private let mostNodes: Int
  var extensionClass: Reference?
  private static let mostStacked = 1 << 22
  private static let mostNodesEver = 1 << 24

  init(_ input: UnsafeRawBufferPointer, file url: URL, offset: Int) {
    self.input = input
    self.url = url
    self.offset = offset
    // Two bytes are the least that an honest value takes on average.
    mostNodes = min(Self.mostNodesEver, 4096 + input.count / 2)
  }

  mutating func read() throws(ArrayFileError) -> Reference {
    // Rewritten text can take twice its input; all of it must fit in 32-bit places.
    guard input.count <= 1 << 30 else {
      throw failure("a pickle of \(input.count) bytes is more than makes sense")
    }
    // Shared by all: None, the truth values and the small numbers.
    nodes.append(.none)
    nodes.append(.bool(false))
    nodes.append(.bool(true))
    for small in 0..<256 { nodes.append(.integer(Int64(small))) }
    while true {
      let code = try byte()
      if code == UInt8(ascii: ".") {
        guard marks.isEmpty, stack.count == 1 else {
          // Python keeps the topmost value; an honest writer leaves one.
          guard marks.isEmpty, let top = stack.last else {
            throw failure("the pickle ends too early")
          }
          return top
        }
        return stack[0]
      }
      try step(code)
    }
  }

  /// The text all spans refer to: the pickle itself, and behind it what had to be rewritten.
  func ownedText(upTo end: Int) -> [UInt8] {
    // Spans of rewritten text begin at `input.count`; they keep their places only if all is kept.
    extraText.isEmpty ? Array(input[..<end]) : Array(input) + extraText
  }

  // MARK: Values

  mutating func make(_ node: PickleNode) throws(ArrayFileError) -> Reference {
    guard nodes.count < mostNodes else {
      throw failure("the pickle holds more values than a file of this size can honestly hold")
    }
    nodes.append(node)
    return Reference(index: Int32(nodes.count - 1))
  }

  mutating func push(_ reference: Reference) throws(ArrayFileError) {
    guard stack.count < Self.mostStacked else {
      throw failure("the pickle piles up too many values")
    }
    stack.append(reference)
  }

  mutating func push(_ node: PickleNode) throws(ArrayFileError) { try push(make(node)) }

  mutating func pushInteger(_ value: Int64) throws(ArrayFileError) {
    if value >= 0 && value < 256 {
      try push(Reference(index: Int32(3 + value)))
    } else {
      try push(.integer(value))
    }
  }

  mutating func pushConstant(_ index: Int32) throws(ArrayFileError) {
    try push(Reference(index: index))
  }

  mutating func pushMark() throws(ArrayFileError) {
    guard marks.count < Self.mostStacked else { throw failure("the pickle nests too deeply") }
    marks.append(stack.count)
  }

  mutating func pop() throws(ArrayFileError) -> Reference {
    guard stack.count > (marks.last ?? 0), let top = stack.popLast() else {
      throw failure("the pickle takes a value that is not there")
    }
    return top
  }

  func top() throws(ArrayFileError) -> Reference {
    guard stack.count > (marks.last ?? 0), let top = stack.last else {
      throw failure("the pickle uses a value that is not there")
    }
    return top
  }

  mutating func popToMark() throws(ArrayFileError) -> [Reference] {
    guard let mark = marks.popLast() else { throw failure("the pickle lacks a mark") }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  mutating func addChildren(_ values: [Reference]) -> Int32 {
    children.append(values)
    return Int32(children.count - 1)
  }

  func node(_ reference: Reference) -> PickleNode { nodes[Int(reference.index)] }

  /// Remembers the top of the stack under a number.
  mutating func memoize(_ number: Int?) throws(ArrayFileError) {
    let value = try top()
    let number = number ?? memo.count + scatteredMemo.count
    guard number >= 0 else { throw failure("the pickle uses a negative memo number") }
    if number < memo.count {
      memo[number] = value
    } else if number == memo.count, scatteredMemo.isEmpty {
      guard memo.count < Self.mostNodesEver else { throw failure("the pickle remembers too much") }
      memo.append(value)
    } else {
      guard scatteredMemo.count < mostNodes else { throw failure("the pickle remembers too much") }
      scatteredMemo[number] = value
    }
  }

  func recall(_ number: Int) throws(ArrayFileError) -> Reference {
    if number >= 0, number < memo.count { return memo[number] }
    guard let value = scatteredMemo[number] else {
      throw failure("the pickle recalls number \(number), which it never stored")
    }
    return value
  }

  // MARK: Bytes

  mutating func byte() throws(ArrayFileError) -> UInt8 {
    guard position < input.count else { throw failure("the pickle is cut short") }
    position += 1
    return input[position - 1]
  }

  mutating func unsigned(_ width: Int) throws(ArrayFileError) -> UInt64 {
    guard input.count - position >= width else { throw failure("the pickle is cut short") }
    var value: UInt64 = 0
    for place in 0..<width { value |= UInt64(input[position + place]) << (8 * UInt64(place)) }
    position += width
    return value
  }

  /// A stretch whose length comes before it, in `width` bytes.
  mutating func counted(_ width: Int) throws(ArrayFileError) -> PickleSpan {
    let count = try unsigned(width)
    guard count <= UInt64(input.count - position) else {
      throw failure("the pickle claims a text of \(count) bytes, \(input.count - position) follow")
    }
    let span = PickleSpan(start: UInt32(position), count: UInt32(count))
    position += Int(count)
    return span
  }

  /// A line without its end.
  mutating func line() throws(ArrayFileError) -> PickleSpan {
    let start = position
    while position < input.count, input[position] != 0x0A { position += 1 }
    guard position < input.count else { throw failure("the pickle is cut short inside a line") }
    position += 1
    return PickleSpan(start: UInt32(start), count: UInt32(position - 1 - start))
  }

  func bytes(_ span: PickleSpan) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      rebasing: input[Int(span.start)..<Int(span.start) + Int(span.count)])
  }

  mutating func own(_ bytes: [UInt8]) -> PickleSpan {
    let span = PickleSpan(
      start: UInt32(input.count + extraText.count), count: UInt32(bytes.count))
    extraText += bytes
    return span
  }

  func failure(_ problem: String) -> ArrayFileError {
    ArrayFileError(
      .badData, url, place: "byte \(offset + position)", problem: problem,
      advice: "The file may be damaged; copy it again from its source")
  }
}
