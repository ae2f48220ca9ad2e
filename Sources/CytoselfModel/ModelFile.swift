import ArrayFiles
public import Foundation
import Torch
public import TorchNN

/// A model on disk: a safetensors file whose metadata hold the configuration and whatever else
/// using the model takes (the proteins by class, the channels, the intensities).
public struct ModelFile {
  /// The shape of the model.
  public let configuration: ModelConfiguration
  /// Everything else written beside the tensors.
  public let metadata: [String: String]
  /// The weights and running statistics.
  public let state: StateDictionary

  private static let configurationKey = "configuration"

  /// Reads a model that ``write(_:metadata:to:)`` wrote.
  ///
  /// - Throws: `ArrayFileError` when the file is missing, broken, or has no configuration;
  ///   `TorchError` when memory is short.
  public init(_ url: URL) throws {
    let file = try Safetensors(url)
    guard let text = file.metadata[Self.configurationKey] else {
      throw ArrayFileError(
        .badData, url, problem: "has no model configuration in its metadata",
        advice: "Give a file that `cytoself train` or `cytoself convert` wrote.")
    }
    do {
      configuration = try JSONDecoder().decode(ModelConfiguration.self, from: Data(text.utf8))
    } catch {
      throw ArrayFileError(
        .badData, url, place: "metadata '\(Self.configurationKey)'",
        problem: "does not describe a model of this version",
        advice: "Write the file again with the version that made it, or convert it.")
    }
    try configuration.validate()
    metadata = file.metadata.filter { $0.key != Self.configurationKey }
    state = try StateDictionary(file)
  }

  /// Writes a model; the file appears when it is complete and synced.
  ///
  /// - Throws: `ArrayFileError` when writing fails; `TorchError`.
  public static func write(
    _ model: CytoselfModel, metadata: [String: String] = [:], to url: URL
  ) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var metadata = metadata
    metadata[configurationKey] = String(
      decoding: try encoder.encode(model.configuration), as: UTF8.self)
    try model.stateDictionary.write(to: url, metadata: metadata)
  }

  /// The model with these weights.
  ///
  /// - Throws: `StateMismatch` when the weights do not fit the configuration; `TorchError`.
  public func model() throws -> CytoselfModel {
    let model = try CytoselfModel(configuration, generator: Generator(seed: 0))
    try model.stateDictionary.copy(from: state)
    return model
  }
}
