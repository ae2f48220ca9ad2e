public import Torch

/// The tensors of a network by name, in order.
public struct StateDictionary: Sequence {
  /// The names in the order in which they were added.
  public private(set) var names: [String] = []
  private var tensors: [String: Tensor] = [:]

  /// An empty dictionary.
  public init() {}

  /// The number of tensors.
  public var count: Int { names.count }

  /// The tensor of a name; setting a new name appends it, setting nil is not allowed.
  public subscript(name: String) -> Tensor? {
    get { tensors[name] }
    set {
      precondition(newValue != nil, "A state dictionary does not forget the tensor '\(name)'.")
      if tensors[name] == nil { names.append(name) }
      tensors[name] = newValue
    }
  }

  /// The names with their tensors, in order.
  public func makeIterator() -> AnyIterator<(name: String, tensor: Tensor)> {
    var position = 0
    return AnyIterator {
      guard position < names.count, let tensor = tensors[names[position]] else { return nil }
      defer { position += 1 }
      return (names[position], tensor)
    }
  }

  /// What keeps another dictionary from taking the place of this one.
  public func mismatch(with other: StateDictionary) -> StateMismatch {
    var mismatch = StateMismatch()
    for (name, tensor) in self {
      guard let found = other[name] else {
        mismatch.missing.append(name)
        continue
      }
      if found.shape != tensor.shape {
        mismatch.shapes.append(.init(name: name, expected: tensor.shape, found: found.shape))
      }
    }
    mismatch.unexpected = other.names.filter { self[$0] == nil }
    return mismatch
  }

  /// Copies every tensor of another dictionary into this one's.
  ///
  /// - Throws: ``StateMismatch`` when names or shapes differ, before anything is changed;
  ///   ``Torch/TorchError``.
  public func copy(from other: StateDictionary) throws {
    let mismatch = mismatch(with: other)
    guard mismatch.isEmpty else { throw mismatch }
    try withoutGradients {
      for (name, tensor) in self {
        if let source = other[name] { try tensor.copy(from: source) }
      }
    }
  }
}

/// How a state dictionary differs from what a network needs.
public struct StateMismatch: Error, Equatable, Sendable, CustomStringConvertible {
  /// Names the network needs and the dictionary lacks.
  public var missing: [String] = []
  /// Names the dictionary has and the network does not know.
  public var unexpected: [String] = []
  /// Names whose shapes differ.
  public var shapes: [Difference] = []

  /// One tensor whose shape differs.
  public struct Difference: Equatable, Sendable {
    /// The tensor's name.
    public let name: String
    /// The shape the network needs.
    public let expected: [Int]
    /// The shape in the dictionary.
    public let found: [Int]

    /// A difference.
    public init(name: String, expected: [Int], found: [Int]) {
      self.name = name
      self.expected = expected
      self.found = found
    }
  }

  /// Whether nothing differs.
  public var isEmpty: Bool { missing.isEmpty && unexpected.isEmpty && shapes.isEmpty }

  /// A table with one line for each difference, at most twenty.
  public var description: String {
    var lines = missing.map { "  missing     \($0)" }
    lines += unexpected.map { "  unexpected  \($0)" }
    lines += shapes.map { "  shape       \($0.name): expected \($0.expected), found \($0.found)" }
    let shown = lines.prefix(20)
    let rest = lines.count > shown.count ? ["  ... and \(lines.count - shown.count) more"] : []
    return (["the weights do not fit the model:"] + shown + rest).joined(separator: "\n")
  }
}

extension Module {
  /// The state by name; the tensors are the network's own, not copies.
  public var stateDictionary: StateDictionary {
    var dictionary = StateDictionary()
    for (name, state) in namedTensors() { dictionary[name] = state.tensor }
    return dictionary
  }
}
