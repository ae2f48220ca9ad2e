public import Foundation

/// What a Python pickle describes, as plain data.
///
/// Nothing in it is ever called. Numbers, text, lists, tuples, dictionaries and sets are kept as such. A class or function is kept
/// by its name, and an object as a record of what would have been called with what; the reader
/// knows none of them. Values refer to each other by number, so that shared values, cycles and any
/// depth of nesting cost nothing and cannot exhaust the stack.
public struct Pickle: Sendable {
  /// A value in a pickle, valid for that pickle alone.
  public struct Reference: Hashable, Sendable {
    let index: Int32
  }

  /// A value, one level deep.
  public enum Value: Sendable {
    /// `None`
    case none
    /// `True` or `False`
    case bool(Bool)
    /// A whole number of at most 64 bits.
    case integer(Int)
    /// A longer whole number: two's complement, little-endian.
    case longInteger([UInt8])
    /// A floating-point number.
    case real(Double)
    /// Text.
    case text(String)
    /// Bytes, or a Python 2 string that is no ASCII.
    case bytes([UInt8])
    /// A list.
    case list([Reference])
    /// A tuple.
    case tuple([Reference])
    /// A set or frozen set.
    case set([Reference])
    /// A dictionary in its order; a key may occur twice, the later counts.
    case dictionary([(key: Reference, value: Reference)])
    /// A class or function by name.
    case global(module: String, name: String)
    /// An object by the way it would be made.
    case object(Object)
    /// An identifier that the writer gave to something outside the pickle.
    case persistent(Reference)
  }

  /// An object that was not made: what would be called, and what it would be filled with.
  public struct Object: Sendable {
    /// The class or function that would be called.
    public var callable: Reference
    /// The arguments it would be called with, a tuple as a rule.
    public var arguments: Reference
    /// What would become its attributes.
    public var state: Reference?
    /// What would be appended to it.
    public var items: [Reference] = []
    /// What would be put into it by key.
    public var entries: [(key: Reference, value: Reference)] = []
  }

  /// The outermost value.
  public let root: Reference
  /// The bytes the pickle takes; a file may hold another one after it.
  public let byteCount: Int

  let nodes: [PickleNode]
  let children: [[Reference]]
  let objects: [Object]
  let text: [UInt8]

  /// Reads the pickle that `bytes` begin with.
  ///
  /// - Parameters:
  ///   - bytes: one pickle of protocol 0 to 5, and whatever follows it.
  ///   - url: the file they come from, for errors.
  ///   - offset: where in the file they begin, for errors.
  /// - Throws: `badData` naming the byte when the pickle is broken or larger than makes sense.
  public init(
    _ bytes: UnsafeRawBufferPointer, file url: URL, offset: Int = 0
  ) throws(ArrayFileError) {
    var reader = PickleReader(bytes, file: url, offset: offset)
    root = try reader.read()
    byteCount = reader.position
    nodes = reader.nodes
    children = reader.children
    objects = reader.objects
    text = reader.ownedText(upTo: reader.position)
  }

  /// A value by reference.
  public func value(_ reference: Reference) -> Value {
    switch nodes[Int(reference.index)] {
    case .none: .none
    case .bool(let value): .bool(value)
    case .integer(let value): .integer(Int(value))
    case .longInteger(let span): .longInteger(Array(bytes(span)))
    case .real(let value): .real(value)
    case .text(let span): .text(String(decoding: bytes(span), as: UTF8.self))
    case .bytes(let span): .bytes(Array(bytes(span)))
    case .list(let place): .list(children[Int(place)])
    case .tuple(let place): .tuple(children[Int(place)])
    case .set(let place): .set(children[Int(place)])
    case .dictionary(let place): .dictionary(pairs(children[Int(place)]))
    case .global(let place):
      .global(
        module: text(children[Int(place)][0]) ?? "", name: text(children[Int(place)][1]) ?? "")
    case .object(let place): .object(objects[Int(place)])
    case .persistent(let index): .persistent(Reference(index: index))
    }
  }

  /// The text a reference leads to, if it does; ASCII bytes of Python 2 count.
  public func text(_ reference: Reference) -> String? {
    switch nodes[Int(reference.index)] {
    case .text(let span): return String(decoding: bytes(span), as: UTF8.self)
    case .bytes(let span) where bytes(span).allSatisfy { $0 < 0x80 }:
      return String(decoding: bytes(span), as: UTF8.self)
    default: return nil
    }
  }

  /// The whole number a reference leads to, if it does.
  public func integer(_ reference: Reference) -> Int? {
    if case .integer(let value) = nodes[Int(reference.index)] { return Int(value) }
    return nil
  }

  /// The elements of the list, tuple or set a reference leads to, if it does.
  public func elements(_ reference: Reference) -> [Reference]? {
    switch nodes[Int(reference.index)] {
    case .list(let place), .tuple(let place), .set(let place): return children[Int(place)]
    default: return nil
    }
  }

  /// The whole numbers in a list or tuple, if a reference leads to one of nothing else.
  public func integers(_ reference: Reference) -> [Int]? {
    guard let elements = elements(reference) else { return nil }
    let numbers = elements.compactMap(integer)
    return numbers.count == elements.count ? numbers : nil
  }

  /// The pairs of a dictionary, or of an object filled like one (`OrderedDict`).
  public func entries(_ reference: Reference) -> [(key: Reference, value: Reference)]? {
    switch nodes[Int(reference.index)] {
    case .dictionary(let place): return pairs(children[Int(place)])
    case .object(let place):
      let object = objects[Int(place)]
      guard let name = globalName(object.callable), name.hasSuffix("Dict") || name.hasSuffix("dict")
      else { return object.entries.isEmpty ? nil : object.entries }
      // Protocols 0 and 1 hand the pairs over as the first argument.
      if object.entries.isEmpty, let arguments = elements(object.arguments), arguments.count == 1,
        let list = elements(arguments[0])
      {
        let found = list.compactMap { elements($0) }.filter { $0.count == 2 }
        return found.map { ($0[0], $0[1]) }
      }
      return object.entries
    default: return nil
    }
  }

  /// The value of a text key in a dictionary; the last one when it occurs twice.
  public func entry(_ key: String, of reference: Reference) -> Reference? {
    entries(reference)?.last { text($0.key) == key }?.value
  }

  /// The object a reference leads to, if it does.
  public func object(_ reference: Reference) -> Object? {
    if case .object(let place) = nodes[Int(reference.index)] { return objects[Int(place)] }
    return nil
  }

  /// The full name `module.name` of the class or function a reference leads to, if it does.
  public func globalName(_ reference: Reference) -> String? {
    guard case .global(let place) = nodes[Int(reference.index)] else { return nil }
    let parts = children[Int(place)]
    return "\(text(parts[0]) ?? "?").\(text(parts[1]) ?? "?")"
  }

  /// The identifiers of all things outside the pickle, in the order it names them.
  var persistentIdentifiers: [Reference] {
    nodes.compactMap { node in
      if case .persistent(let index) = node { return Reference(index: index) }
      return nil
    }
  }

  func bytes(_ span: PickleSpan) -> ArraySlice<UInt8> {
    text[Int(span.start)..<Int(span.start) + Int(span.count)]
  }

  private func pairs(_ flat: [Reference]) -> [(key: Reference, value: Reference)] {
    stride(from: 0, to: flat.count - 1, by: 2).map { (flat[$0], flat[$0 + 1]) }
  }
}
