public import ArrayFiles
public import CytoselfModel
public import Foundation
public import TorchNN

/// Where a model is to come from: found, opened and understood, but not built yet.
///
/// A file written by this program describes its model. Any other weight file determines it by its
/// tensors, which may leave the crop size open until the crops are known.
public struct ModelSource {
  /// The weight file.
  public let weights: URL
  /// The run it comes from, if it was given as a run or lies in one.
  public let run: RunDirectory?
  /// The weight file, opened.
  public let file: WeightFile
  /// The description that the file carries; nil for files of others.
  public let described: ModelDescription?
  /// What the tensors determine; nil for files that describe themselves.
  public let inferred: ModelWeights?

  /// Opens what a user gave as a model.
  ///
  /// - Parameter url: a run folder (its best weights), a checkpoint folder, or a weight file of
  ///   this program or another, in any format that `WeightFile` reads.
  /// - Throws: ``TrainingError`` and what reading the file throws.
  public init(_ url: URL) throws {
    weights = try Self.weights(at: url)
    file = try WeightFile(weights)
    let candidates = [
      url, weights.deletingLastPathComponent(),
      weights.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent(),
    ]
    run = candidates.map(RunDirectory.init).first(where: \.exists)
    if case .safetensors(let safetensors) = file.content,
      safetensors.metadata[ModelDescription.metadataKey] != nil
    {
      let said = try ModelDescription(metadata: safetensors.metadata, path: weights.path)
      // Before a model of that size is made: what is said may be out of all proportion to what is there.
      let count = file.arrays.reduce(0) { $0 + Double($1.count) }
      guard said.model.weightCount <= 4 * count + 1e6 else {
        throw TrainingError.notAModel(
          path: weights.path,
          reason: "its metadata describe a far larger model than that of its tensors")
      }
      described = said
      inferred = nil
    } else {
      described = nil
      do {
        inferred = try ModelWeights(file)
      } catch let error as ModelError {
        throw Self.explained(error, weights)
      }
    }
  }

  /// What the model is.
  ///
  /// - Parameter cropSize: the side of the crops in pixels, where the file leaves it open; nil where
  ///   only the file is to determine it.
  /// - Throws: ``TrainingError`` when the crop size is not known or does not fit.
  public func description(cropSize: Int? = nil) throws -> ModelDescription {
    if let described {
      guard cropSize == nil || cropSize == described.model.imageSize else {
        throw TrainingError.doesNotFit(
          "\(weights.path): the model is for crops of \(described.model.imageSize) pixels, not of"
            + " \(cropSize ?? 0). Leave --crop-size out.")
      }
      return described
    }
    guard let inferred else { preconditionFailure("A model is either described or inferred.") }
    do {
      let model = try inferred.found.configuration(cropSize: cropSize)
      try model.validate()
      return ModelDescription(model: model, epoch: epoch)
    } catch {
      throw Self.explained(error, weights)
    }
  }

  /// The shape of the model, at the likeliest crop size where the file leaves it open.
  public var likelyModel: ModelConfiguration {
    if let described { return described.model }
    guard let inferred else { preconditionFailure("A model is either described or inferred.") }
    return inferred.found.likelyConfiguration
  }

  /// The sides of crops that fit, in pixels; nil where the file does not determine them.
  public var cropSizes: ClosedRange<Int>? {
    if let described { return described.model.imageSize...described.model.imageSize }
    return inferred?.found.cropSizes
  }

  /// How crops must be read to be what the model was trained on, as far as that is known.
  ///
  /// - Parameter path: the folder or array with the crops.
  public func dataSection(path: String) -> DataSection {
    var section = DataSection()
    section.path = path
    if let described {
      section.channels = described.channels
      section.intensity = described.intensity
      section.integers = described.integers
      section.normalize = described.normalize ?? "none"
    }
    return section
  }

  /// The tensors by name, in the element types of the file.
  ///
  /// - Throws: what reading the file throws; `TorchError` when memory is short.
  public func state() throws -> StateDictionary {
    if let inferred { return try inferred.state() }
    return try StateDictionary(file.arrays, from: weights)
  }

  private var epoch: Int {
    if case .torch(let torch) = file.content, let epoch = torch.numbers["epoch"] {
      return Int(exactly: epoch) ?? 0
    }
    return 0
  }

  private static func explained(_ error: ModelError, _ url: URL) -> TrainingError {
    switch error {
    case .cropSizeUnknown: .cropSizeUnknown(path: url.path, reason: error.description)
    case .cropSize: .doesNotFit("\(url.path): \(error.description)")
    default:
      // The sentence goes on after it.
      .notAModel(path: url.path, reason: String(error.description.trimmingSuffix(".")))
    }
  }

  private static func weights(at url: URL) throws(TrainingError) -> URL {
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    guard manager.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw .missing(
        path: url.path, hint: "Give a run folder, a checkpoint folder or a weight file.")
    }
    guard isFolder.boolValue else { return url }
    if let found = weights(inFolder: url) { return found }
    throw .notAModel(
      path: url.path,
      reason: "the folder holds neither best.safetensors nor \(Checkpoint.modelName) nor"
        + " checkpoints")
  }

  /// The weights of a run folder or a checkpoint folder; nil for any other folder.
  public static func weights(inFolder url: URL) -> URL? {
    let inside = [RunDirectory(url).best, url.appending(path: Checkpoint.modelName)]
    if let found = inside.first(where: { FileManager.default.fileExists(atPath: $0.path) }) {
      return found
    }
    return CheckpointFolder(RunDirectory(url).checkpoints).newest?
      .appending(path: Checkpoint.modelName)
  }
}
