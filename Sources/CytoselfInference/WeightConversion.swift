public import CytoselfTraining
import ArrayFiles
public import CytoselfModel
public import Foundation
import Torch
import TorchNN

/// Brings weights from one format into another without changing a number.
public struct WeightConversion {
  /// What is written, by the ending of the name.
  public enum Format: String, CaseIterable, Sendable {
    /// With a description of the model, so that it can be used without anything else.
    case safetensors
    /// A state dictionary of PyTorch.
    case torch = "pt"
    /// Weights of Keras, for the keras architecture.
    case keras = "h5"

    /// The format of a name.
    ///
    /// - Throws: ``TrainingError/invalidValue(key:value:expected:)`` for other endings.
    public init(_ url: URL) throws(TrainingError) {
      guard let format = Format(rawValue: url.pathExtension.lowercased()) else {
        throw .invalidValue(
          key: "OUT", value: "'\(url.lastPathComponent)'",
          expected: "a name that ends in .safetensors, .pt or .h5")
      }
      self = format
    }
  }

  private let source: ModelSource
  private let description: ModelDescription
  private let state: StateDictionary

  /// What the model is.
  public var model: ModelConfiguration { description.model }

  /// Reads weights and checks that they are those of a model, whole.
  ///
  /// - Parameters:
  ///   - url: a run folder, a checkpoint folder or a weight file.
  ///   - cropSize: the side of the crops, where the file does not determine it.
  /// - Throws: ``TrainingError``, `StateMismatch` and what reading the file throws.
  public init(_ url: URL, cropSize: Int? = nil) throws {
    source = try ModelSource(url)
    description = try source.description(cropSize: cropSize)
    let tensors = try source.state()
    let needed = try CytoselfModel(description.model, generator: Generator(seed: 0, fills: false))
      .stateDictionary
    let mismatch = needed.mismatch(with: tensors)
    guard mismatch.isEmpty else { throw mismatch }
    // In the order of the model, whatever order the file had.
    var ordered = StateDictionary()
    for name in needed.names {
      if let tensor = tensors[name] { ordered[name] = tensor }
    }
    state = ordered
  }

  /// Writes the weights in the format of the name's ending; the file appears whole or not at all.
  ///
  /// - Throws: ``TrainingError`` for an ending that is not known or the file that is read;
  ///   `ModelError`; what writing throws.
  public func write(to url: URL) throws {
    let format = try Format(url)
    try Self.requireOther(url, than: source.weights)
    switch format {
    case .safetensors: try state.write(to: url, metadata: description.metadata)
    case .torch: try state.writeTorchFile(to: url)
    case .keras: try ModelWeights.writeKeras(state, description.model, to: url)
    }
  }

  /// What the written format cannot hold, in a sentence; nil where nothing is lost.
  public func loss(in url: URL) -> String? {
    guard url.pathExtension.lowercased() != Format.safetensors.rawValue,
      !description.classes.isEmpty
    else { return nil }
    return
      "\(url.lastPathComponent) holds tensors only; the names of the \(description.classes.count)"
      + " classes, the channels and the history stay in \(source.weights.path)."
  }

  /// Checks that a name does not lead to the file that is read, also through links.
  private static func requireOther(_ url: URL, than weights: URL) throws(TrainingError) {
    func identity(_ url: URL) -> [Int]? {
      let found = try? FileManager.default.attributesOfItem(
        atPath: url.resolvingSymlinksInPath().path)
      guard let device = found?[.systemNumber] as? Int,
        let file = found?[.systemFileNumber] as? Int
      else { return nil }
      return [device, file]
    }
    let (own, read) = (identity(url), identity(weights))
    guard own == nil || own != read else {
      throw .invalidValue(
        key: "OUT", value: "'\(url.path)'", expected: "another file than the one that is read")
    }
  }
}

extension WeightConversion {
  /// The side of upstream's crops.
  public static let usualCropSize = ModelConfiguration.usualCropSize
}
