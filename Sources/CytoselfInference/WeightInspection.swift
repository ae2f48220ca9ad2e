public import CytoselfTraining
import ArrayFiles
public import CytoselfModel
public import Foundation
import Torch
import TorchNN

/// What is in a weight file, for people and scripts.
public struct WeightInspection: Encodable, Sendable {
  /// The settings of an optimiser in a checkpoint.
  public struct Optimizer: Encodable, Sendable, Equatable {
    /// Tensors of moments and steps.
    public let tensors: Int
    /// The plain numbers of each group of parameters, such as the learning rate.
    public let groups: [[String: Double]]
  }

  /// A column of the training history in a checkpoint.
  public struct HistoryColumn: Encodable, Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Its rows.
    public let rows: Int
    /// The number in the last row; nil where there is none.
    public let last: Double?
  }

  /// The weight file.
  public let path: String
  /// Its format: `safetensors`, `torch` or `keras`.
  public let format: String
  /// What was saved: `stateDictionary`, `checkpoint`, `module`, or `described` by this program.
  public let content: String
  /// The class of a pickled module.
  public let className: String?
  /// How many tensors it has.
  public let tensors: Int
  /// How many tensors there are of each element type.
  public let elementTypes: [String: Int]
  /// How many numbers training changes.
  public let parameters: Int
  /// The model; nil where the tensors are not those of one.
  public internal(set) var model: ModelConfiguration?
  /// The sides of the levels' maps.
  public internal(set) var levelSizes: [Int] = []
  /// The smallest and the largest crop that fit; nil where the file does not determine them.
  public internal(set) var cropSizes: [Int]?
  /// What the file says beside the tensors, where this program wrote it.
  public internal(set) var description: ModelDescription?
  /// The numbers beside the tensors of a checkpoint, such as the epoch.
  public let numbers: [String: Double]
  /// The optimiser of a checkpoint.
  public let optimizer: Optimizer?
  /// The columns of the history in a checkpoint.
  public let history: [HistoryColumn]
  /// What the file does not determine, with what is assumed instead.
  public internal(set) var assumptions: [ConfigurationFromWeights.Assumption] = []
  /// Why the weights cannot be used; nil where they can.
  public internal(set) var problem: String?

  /// Whether commands can use the weights.
  public var isUsable: Bool { problem == nil }

  /// Reads a run folder, a checkpoint folder or a weight file.
  ///
  /// - Throws: what reading the file throws; tensors that are no model are a ``problem``.
  public init(_ url: URL) throws {
    let weights = ModelSource.weights(inFolder: url) ?? url
    let file = try WeightFile(weights)
    path = weights.path
    format = file.format.rawValue
    tensors = file.arrays.count
    elementTypes = file.arrays.reduce(into: [:]) { $0[$1.elementType.rawValue, default: 0] += 1 }
    let buffers = [
      ".running_mean", ".running_var", ".num_batches_tracked", "/moving_mean:0",
      "/moving_variance:0",
    ]
    parameters = file.arrays.reduce(0) { sum, array in
      buffers.contains(where: array.name.hasSuffix) ? sum : sum + array.count
    }
    var numbers: [String: Double] = [:]
    var optimizer: Optimizer?
    var history: [HistoryColumn] = []
    var className: String?
    switch file.content {
    case .safetensors(let safetensors):
      content =
        safetensors.metadata[ModelDescription.metadataKey] == nil
        ? TorchFile.Content.stateDictionary.rawValue : "described"
    case .torch(let torch):
      content = torch.content.rawValue
      className = torch.className
      numbers = torch.numbers
      optimizer = torch.optimizer.map { Optimizer(tensors: $0.arrays.count, groups: $0.groups) }
      history = torch.history.map {
        HistoryColumn(
          name: $0.name, rows: $0.values.count,
          last: $0.values.last.flatMap { $0.isFinite ? $0 : nil })
      }
    case .keras: content = TorchFile.Content.stateDictionary.rawValue
    }
    self.numbers = numbers.filter(\.value.isFinite)
    self.optimizer = optimizer
    self.history = history
    self.className = className
    try readModel(weights)
  }

  private mutating func readModel(_ url: URL) throws {
    do {
      let source = try ModelSource(url)
      description = source.described
      assumptions = source.inferred?.found.assumptions ?? []
      cropSizes = source.cropSizes.map { [$0.lowerBound, $0.upperBound] }
      let model = source.likelyModel
      self.model = model
      levelSizes = model.levelSizes
      let needed = try CytoselfModel(model, generator: Generator(seed: 0, fills: false))
        .stateDictionary
      let mismatch = needed.mismatch(with: try source.state())
      if !mismatch.isEmpty { problem = mismatch.description }
    } catch let error as TrainingError where error.kind == .badData {
      problem = error.description
    } catch let error as ModelError {
      problem = error.description
    } catch let error as ArrayFileError where error.kind == .badData {
      problem = error.description
    }
  }
}
