public import ArrayFiles
public import Foundation
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
      let arrays = Self.withoutWrappers(file.arrays)
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
    case .arrays(let arrays): try StateDictionary(arrays, from: url)
    case .state(let state): state
    }
  }

  /// The arrays without the first part of their names that PyTorch's wrappers of whole models add.
  public static func withoutWrappers(_ arrays: [NamedArray]) -> [NamedArray] {
    var arrays = arrays
    for wrapper in ["module.", "_orig_mod.", "module."]
    where !arrays.isEmpty && arrays.allSatisfy({ $0.name.hasPrefix(wrapper) }) {
      arrays = arrays.map { $0.renamed(String($0.name.dropFirst(wrapper.count))) }
    }
    return arrays
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
