public import ArrayFiles
public import Foundation
import Torch
public import TorchNN

/// The weights of a model in a file of any format, under the names of the model, with the
/// configuration that their shapes determine.
public struct ModelWeights {
  /// Where the file is.
  public let url: URL
  /// The configuration that the tensors determine.
  public let found: ConfigurationFromWeights
  private let source: Source

  private enum Source {
    /// Still in the file.
    case arrays([NamedArray])
    /// Brought from another layout into memory.
    case state(StateDictionary)
  }

  /// Finds the model in a weight file.
  ///
  /// - Throws: ``ModelError`` when the tensors are not those of such a model; what making tensors
  ///   throws.
  public init(_ file: WeightFile) throws {
    url = file.url
    switch file.content {
    case .safetensors, .torch:
      let arrays = try Self.withoutWrapper(file.arrays)
      source = .arrays(arrays)
      found = try ConfigurationFromWeights(TensorShapes(arrays.map { ($0.name, $0.shape) }))
    case .keras(let weights):
      let (state, found) = try Self.fromKeras(weights)
      source = .state(state)
      self.found = found
    }
  }

  /// The tensors by name, in the element types of the file.
  ///
  /// - Throws: `ArrayFileError` for elements that libtorch cannot hold; `TorchError` when memory is
  ///   short.
  public func state() throws -> StateDictionary {
    switch source {
    case .arrays(let arrays): try Self.counting(StateDictionary(arrays, from: url))
    case .state(let state): state
    }
  }

  /// The state with a counter of batches, 0, for normalisations that lack it.
  ///
  /// PyTorch before 0.4.1 has none, and some who share weights leave them out, since nothing that is
  /// computed depends on them.
  static func counting(_ state: StateDictionary) throws -> StateDictionary {
    var counting = state
    for name in state.names where name.hasSuffix(variance) {
      let counter = name.dropLast(variance.count) + ".num_batches_tracked"
      guard state[String(counter)] == nil else { continue }
      counting[String(counter)] = try Tensor.filled(with: 0, shape: [], elementType: .int64)
    }
    return counting
  }

  private static let variance = ".running_var"

  /// The arrays without what their names begin with when the model was part of something else:
  /// `module.` and `_orig_mod.` of PyTorch's wrappers, `model.` or `net.` of a Lightning module.
  ///
  /// - Throws: ``ModelError/foreignTensors(_:)`` when there is more than one model, or something beside
  ///   it.
  private static func withoutWrapper(_ arrays: [NamedArray]) throws(ModelError) -> [NamedArray] {
    var wrappers: [String] = []
    for array in arrays {
      let path = array.name.split(separator: ".", omittingEmptySubsequences: false)
      guard let place = path.firstIndex(where: { $0 == "encoder" || $0 == "encoders" })
      else { continue }
      let wrapper = path[..<place].map { $0 + "." }.joined()
      if !wrappers.contains(wrapper) { wrappers.append(wrapper) }
    }
    guard let wrapper = wrappers.first, !wrappers.contains("") else { return arrays }
    guard wrappers.count == 1 else {
      throw .foreignTensors(
        "they are those of \(wrappers.count) models ("
          + "\(wrappers.prefix(4).map { "'\($0)'" }.joined(separator: ", "))); save one alone:"
          + remedy(wrapper))
    }
    if let other = arrays.first(where: { !$0.name.hasPrefix(wrapper) }) {
      throw .foreignTensors(
        "those of the model begin with '\(wrapper)', and there are others beside them"
          + " ('\(other.name.prefix(80))'); save the model's alone:" + remedy(wrapper))
    }
    return arrays.map { $0.renamed(String($0.name.dropFirst(wrapper.count))) }
  }

  /// How the tensors of a wrapped model are saved without the others, in Python.
  private static func remedy(_ wrapper: String) -> String {
    " torch.save({k[\(wrapper.count):]: v for k, v in state.items() if k.startswith('\(wrapper)')}, path)"
  }
}

/// The one place where weights of Keras and the tensors of the model meet.
extension ModelWeights {
  /// The tensors of a Keras file under the names of the model, and their configuration.
  ///
  /// - Throws: ``ModelError`` for layers that are not those of such a model; `ArrayFileError` for
  ///   weights that do not fit the others; `TorchError` when memory is short.
  static func fromKeras(
    _ weights: KerasWeights
  ) throws -> (state: StateDictionary, found: ConfigurationFromWeights) {
    let found = try ConfigurationFromWeights(TensorShapes(weights))
    guard found.likelyConfiguration.architecture == .keras else {
      throw ModelError.keras("the decoders have no biases, which those of the original have")
    }
    // Where the crop size is open, no weight depends on it.
    let map = try KerasWeightMap(found.likelyConfiguration)
    return (try map.state(from: weights), found)
  }

  /// Writes a model's tensors as Keras weights.
  ///
  /// - Throws: ``ModelError/keras(_:)`` for a model that is not of the keras architecture; what
  ///   ``KerasWeightMap/write(_:to:)`` throws.
  public static func writeKeras(
    _ state: StateDictionary, _ configuration: ModelConfiguration, to url: URL
  ) throws {
    guard configuration.architecture == .keras else {
      throw ModelError.keras(
        "\(url.lastPathComponent) can hold a model of the keras architecture only, and this one is of"
          + " the \(configuration.architecture.rawValue) architecture; choose a name that ends in"
          + " .safetensors or .pt")
    }
    try KerasWeightMap(configuration).write(state, to: url)
  }
}
