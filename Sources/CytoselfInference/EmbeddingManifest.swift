public import CytoselfTraining
import CellData
import Foundation

/// `manifest.json` of an embedding folder: what was embedded, with what, and how.
public struct EmbeddingManifest: Codable, Equatable, Sendable {
  /// One file of values.
  public struct Layer: Codable, Equatable, Sendable {
    /// The layer's name, such as `vqvec2`.
    public var name: String
    /// The file in the folder.
    public var file: String
    /// The type of its numbers.
    public var type: String
    /// Its shape; the first axis is the cells, in the order of `cells.csv`.
    public var shape: [Int]
  }

  /// The version of this format.
  public var formatVersion = 1
  /// The files of values.
  public var layers: [Layer]
  /// The number of cells.
  public var cells: Int
  /// The weight file, with its hash.
  public var model: RunRecord.Input
  /// The epoch that made the weights.
  public var modelEpoch: Int
  /// The data set as it was given.
  public var data: String
  /// The channels, in the order of the model's input.
  public var channels: [String]
  /// Whether values are means over the eight flips and rotations.
  public var averageFlips: Bool
  /// Cells per batch.
  public var batchSize: Int

  init(
    _ trained: TrainedModel, data: CellDataSet, options: Embedder.Options, layers: [Layer]
  ) throws(TrainingError) {
    self.layers = layers
    cells = data.count
    model = try RunRecord.Input(trained.weights)
    modelEpoch = trained.description.epoch
    self.data = data.url.path
    channels = data.channelNames
    averageFlips = options.averagesFlips
    batchSize = options.batchSize
  }

  private enum CodingKeys: String, CodingKey {
    case formatVersion = "format_version"
    case layers, cells, model
    case modelEpoch = "model_epoch"
    case data, channels
    case averageFlips = "average_flips"
    case batchSize = "batch_size"
  }
}
