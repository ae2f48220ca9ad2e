public import CytoselfTraining
import ArrayFiles
public import CellData
public import CytoselfModel
public import Foundation
public import Torch
import TorchNN

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

  /// Checks that the crops of a data set have the channels and the size of the model.
  ///
  /// - Throws: ``TrainingError/doesNotFit(_:)``.
  public func requireFit(_ data: CellDataSet) throws(TrainingError) {
    let shape = data.cropShape
    let expected = [
      description.model.imageChannels, description.model.imageSize, description.model.imageSize,
    ]
    guard shape == expected else {
      throw .doesNotFit(
        "\(data.url.path): crops of \(shape) do not fit a model for \(expected) ([channel, height,"
          + " width]). Choose channels with --channels, or cut crops of that size with"
          + " `cytoself crop`.")
    }
  }
}
