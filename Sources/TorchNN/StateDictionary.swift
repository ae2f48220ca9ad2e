public import OrderedCollections
public import Torch

/// The tensors of a network by name, in order.
public typealias StateDictionary = OrderedDictionary<String, Tensor>

/// How a state dictionary differs from what a network needs.
public struct StateMismatch: Error, Equatable, Sendable, CustomStringConvertible {
  /// Names the network needs and the dictionary lacks.
  public var missing: [String] = []
  /// Names the dictionary has and the network does not know.
  public var unexpected: [String] = []
  /// Names whose shapes differ: what the network needs, what the dictionary has.
  public var shapes: [Difference] = []

  /// One tensor whose shape differs.
  public struct Difference: Equatable, Sendable {
    /// The tensor's name.
    public let name: String
    /// The shape the network needs.
    public let expected: [Int]
    /// The shape in the dictionary.
    public let found: [Int]
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
    StateDictionary(uniqueKeysWithValues: namedTensors().map { ($0.name, $0.state.tensor) })
  }

  /// What keeps a dictionary from being loaded.
  public func mismatch(with dictionary: StateDictionary) -> StateMismatch {
    let own = stateDictionary
    var mismatch = StateMismatch()
    for (name, tensor) in own {
      guard let other = dictionary[name] else {
        mismatch.missing.append(name)
        continue
      }
      if other.shape != tensor.shape {
        mismatch.shapes.append(.init(name: name, expected: tensor.shape, found: other.shape))
      }
    }
    mismatch.unexpected = dictionary.keys.filter { own[$0] == nil }
    return mismatch
  }

  /// Copies every tensor of a dictionary into the network.
  ///
  /// - Throws: ``StateMismatch`` when names or shapes differ, before anything is changed;
  ///   ``Torch/TorchError``.
  public func load(_ dictionary: StateDictionary) throws {
    let mismatch = mismatch(with: dictionary)
    guard mismatch.isEmpty else { throw mismatch }
    try withoutGradients {
      for (name, tensor) in stateDictionary {
        guard let source = dictionary[name] else { continue }
        try tensor.copy(from: source)
      }
    }
  }
}
