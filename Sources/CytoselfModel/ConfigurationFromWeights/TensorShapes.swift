import Torch
public import TorchNN

/// The names and shapes of a model's tensors, looked up by their paths.
public struct TensorShapes: Sendable {
  /// The names in the order they were given.
  public let names: [String]
  private let shapes: [String: [Int]]
  /// Every path that leads to a tensor, without its end.
  private let branches: Set<String>

  /// Names with their shapes; of several with one name the last counts.
  public init(_ tensors: [(name: String, shape: [Int])]) {
    names = tensors.map(\.name)
    shapes = Dictionary(tensors.map { ($0.name, $0.shape) }) { $1 }
    var branches: Set<String> = []
    for name in shapes.keys {
      var path = name[...]
      while let dot = path.lastIndex(of: ".") {
        path = path[..<dot]
        guard branches.insert(String(path)).inserted else { break }
      }
    }
    self.branches = branches
  }

  /// The names and shapes of a state dictionary.
  public init(_ state: StateDictionary) {
    self.init(state.map { ($0.name, $0.tensor.shape) })
  }

  /// The shape of a tensor.
  subscript(name: String) -> [Int]? { shapes[name] }

  /// Whether tensors lie below a path.
  func has(_ path: String) -> Bool { branches.contains(path) }

  /// How many paths `prefix0`, `prefix1` and so on there are without a gap.
  func count(_ prefix: String, from first: Int = 0, suffix: String = "") -> Int {
    var count = 0
    while has("\(prefix)\(first + count)\(suffix)") { count += 1 }
    return count
  }

  /// The numbers in all tensors, as a real number, which cannot overflow.
  var elementCount: Double {
    shapes.values.reduce(0) { $0 + $1.reduce(1) { $0 * Double($1) } }
  }

  /// The shape of the weight of a convolution or a linear layer, of which no axis is empty.
  ///
  /// - Throws: ``ModelError/foreignTensors(_:)`` when it is not there or has another rank.
  func weight(_ path: String, rank: Int) throws(ModelError) -> [Int] {
    let name = path + ".weight"
    guard let shape = shapes[name] else { throw .foreignTensors("'\(name)' is missing") }
    guard shape.count == rank, shape.allSatisfy({ $0 > 0 }) else {
      throw .foreignTensors("'\(name)' has shape \(shape), not one of \(rank) axes")
    }
    return shape
  }
}
