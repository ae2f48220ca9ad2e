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
  ///   `TorchError`.
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
  /// What differs beside tensors, such as channels or classes.
  public var settings: [Setting] = []

  /// Something beside tensors that differs.
  public struct Setting: Equatable, Sendable {
    /// What it is.
    public let name: String
    /// What the network needs.
    public let expected: String
    /// What the weights have.
    public let found: String

    /// A difference.
    public init(_ name: String, expected: String, found: String) {
      self.name = name
      self.expected = expected
      self.found = found
    }
  }

  /// A comparison that has found nothing yet.
  public init() {}

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
  public var isEmpty: Bool {
    missing.isEmpty && unexpected.isEmpty && shapes.isEmpty && settings.isEmpty
  }

  /// How many lines of each kind ``description`` has at most.
  static let shownLines = 20

  /// A table of everything that differs: settings first, then tensors, at most twenty of a kind.
  public var description: String {
    var rows = settings.map { ["setting", $0.name, $0.expected, $0.found] }
    func add<Item>(_ items: [Item], _ kind: String, _ row: (Item) -> [String]) {
      rows += items.prefix(Self.shownLines).map { [kind] + row($0) }
      if items.count > Self.shownLines {
        rows.append([kind, "... and \(items.count - Self.shownLines) more", "", ""])
      }
    }
    add(missing, "missing") { [$0, "a tensor", "none"] }
    add(unexpected, "unexpected") { [$0, "none", "a tensor"] }
    // Weights before the vectors that go with them, whose shapes follow.
    let matrices = shapes.filter { $0.expected.count > 1 }
    add(matrices + shapes.filter { $0.expected.count <= 1 }, "shape") {
      [$0.name, "\($0.expected)", "\($0.found)"]
    }
    rows.insert(["", "what", "the model", "the weights"], at: 0)
    let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      var line = " "
      for (cell, width) in zip(row, widths) {
        line += " " + cell + String(repeating: " ", count: width - cell.count + 1)
      }
      line += " " + (row.last ?? "")
      return line.withoutTrailingSpaces
    }
    return (["the weights do not fit the model:"] + lines).joined(separator: "\n")
  }
}

extension String {
  /// The line without spaces at its end.
  fileprivate var withoutTrailingSpaces: String {
    String(self[..<(lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex)])
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
