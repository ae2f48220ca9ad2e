public import ArrayFiles
public import Foundation
import Torch
public import TorchNN

/// The weights of upstream's Keras model of a shape, beside those of ours.
///
/// Layers and weights are matched by their order in the file: names carry numbers that differ from
/// session to session.
public struct KerasWeightMap {
  private let layers: [KerasLayer]

  /// The map of a model.
  ///
  /// - Throws: ``ModelError/setting(key:value:expected:)`` unless the architecture is `keras`; what
  ///   ``ModelConfiguration/validate()`` throws.
  public init(_ configuration: ModelConfiguration) throws(ModelError) {
    try configuration.validate()
    guard configuration.architecture == .keras else {
      throw .setting(
        key: "architecture", value: configuration.architecture.rawValue,
        expected: "keras for weights in Keras's format")
    }
    layers = configuration.kerasLayers
  }

  /// The names of the layers that have weights, each with the names of its weights, in order.
  public var names: [(layer: String, weights: [String])] {
    layers.filter { !$0.weights.isEmpty }.map { ($0.name, $0.weights.map(\.name)) }
  }

  /// Brings the weights of a Keras file into the axes of our state dictionary, under its keys.
  ///
  /// Keras does not count batches; the counters of normalisations are zero.
  ///
  /// - Throws: `ArrayFileError` when the file has other layers, or weights that cannot be theirs;
  ///   `TorchError`. Shapes are compared when the state is copied into a model.
  public func state(from file: KerasWeights) throws -> StateDictionary {
    let found = file.layers.filter { !$0.arrays.isEmpty }
    let expected = layers.filter { !$0.weights.isEmpty }
    guard found.count == expected.count else {
      throw ArrayFileError(
        .badData, file.url,
        problem: "has \(found.count) layers with weights"
          + " (\(found.prefix(20).map { String($0.name.prefix(40)) }.joined(separator: ", "))),"
          + " and this model has \(expected.count)"
          + " (\(expected.map(\.name).joined(separator: ", ")))",
        advice: "Choose the variant, levels and classifiers that the weights were saved from")
    }
    var state = StateDictionary()
    for (layer, source) in zip(expected, found) {
      let place = "layer '\(source.name.prefix(200))'"
      guard layer.weights.count == source.arrays.count else {
        throw ArrayFileError(
          .badData, file.url, place: place,
          problem: "has \(source.arrays.count) weights, and this model's \(layer.name) has"
            + " \(layer.weights.count)",
          advice: "Choose the variant, stages and decoder that the weights were saved from")
      }
      let renamed = zip(layer.weights, source.arrays).map { $1.renamed($0.key) }
      let tensors = try StateDictionary(renamed, from: file.url)
      for (weight, array) in zip(layer.weights, source.arrays) {
        guard let tensor = tensors[weight.key], weight.layout.fits(array.shape) else {
          throw ArrayFileError(
            .badData, file.url, place: "\(place), weight '\(array.name.prefix(200))'",
            problem: "has the shape \(array.shape), which cannot be \(weight.name) of this model",
            advice: "Choose the channels, crop size and levels that the weights were saved from")
        }
        state[weight.key] = try weight.layout.read(tensor).to(elementType: .float32)
      }
    }
    return try ModelWeights.counting(state)
  }

  private static let counter = ".num_batches_tracked"

  /// Writes a state as weights that `load_weights` of upstream's Keras model takes.
  ///
  /// The counters of normalisations are left out, since Keras has none.
  ///
  /// - Throws: `StateMismatch` for a state of another model; `ArrayFileError` when writing
  ///   fails; `TorchError`.
  public func write(_ state: StateDictionary, to url: URL) throws {
    let keys = Set(layers.flatMap(\.weights).map(\.key))
    var mismatch = StateMismatch()
    mismatch.missing = keys.filter { state[$0] == nil }.sorted()
    mismatch.unexpected = state.names.filter { !keys.contains($0) && !$0.hasSuffix(Self.counter) }
    guard mismatch.isEmpty else { throw mismatch }
    var buffers: [UnsafeMutableRawBufferPointer] = []
    defer { for buffer in buffers { buffer.deallocate() } }
    var sources: [KerasWeights.LayerSource] = []
    for layer in layers {
      var weights: [Safetensors.Source] = []
      for weight in layer.weights {
        guard let own = state[weight.key] else { continue }
        let tensor = try weight.layout.written(own)
        let type = ElementType(tensor.elementType)
        let buffer = UnsafeMutableRawBufferPointer.allocate(
          byteCount: tensor.count * type.byteCount, alignment: 64)
        buffers.append(buffer)
        try tensor.copyBytes(to: buffer)
        weights.append((weight.name, type, tensor.shape, UnsafeRawBufferPointer(buffer)))
      }
      sources.append((layer.name, weights))
    }
    try KerasWeights.write(sources, to: url)
  }
}
