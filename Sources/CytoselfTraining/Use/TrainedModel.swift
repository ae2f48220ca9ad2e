import ArrayFiles
public import CytoselfModel
public import Foundation
public import Torch
public import TorchNN

/// A model read from a run folder, a checkpoint folder or a weight file, ready to use.
public final class TrainedModel {
  /// The network with its weights.
  public let model: CytoselfModel
  /// What it is and what it was trained on.
  public let description: ModelDescription
  /// Where it was found.
  public let source: ModelSource
  /// Where it runs.
  public let device: Device

  /// The weight file.
  public var weights: URL { source.weights }
  /// The run it comes from, if it was given as a run or lies in one.
  public var run: RunDirectory? { source.run }

  /// Reads a model.
  ///
  /// - Parameters:
  ///   - url: a run folder (its best weights), a checkpoint folder, or a weight file in any format.
  ///   - device: where it is to run.
  /// - Throws: ``TrainingError``, `StateMismatch`, `TorchError` and what reading
  ///   the file throws.
  public convenience init(_ url: URL, device: Device = .cpu) throws {
    try self.init(ModelSource(url), device: device)
  }

  /// Builds a model whose file has been opened.
  ///
  /// - Parameters:
  ///   - source: the opened file.
  ///   - cropSize: the side of the crops, where the file leaves it open.
  ///   - device: where it is to run.
  /// - Throws: ``TrainingError``, `StateMismatch`, `TorchError`.
  public init(_ source: ModelSource, cropSize: Int? = nil, device: Device = .cpu) throws {
    self.source = source
    description = try source.description(cropSize: cropSize)
    // Every weight is overwritten, so none is drawn.
    model = try CytoselfModel(description.model, generator: Generator(seed: 0, fills: false))
    try model.stateDictionary.copy(from: source.state())
    try model.move(to: device)
    self.device = device
  }

  /// How crops must be read to be what the model was trained on.
  public func dataSection(path: String) -> DataSection { source.dataSection(path: path) }
}

extension ModelSource {
  /// The tensors by name, in the element types of the file.
  ///
  /// - Throws: what reading the file throws; `TorchError` when memory is short.
  public func state() throws -> StateDictionary {
    if let inferred { return try inferred.state() }
    return try StateDictionary(file.arrays, from: weights)
  }
}
