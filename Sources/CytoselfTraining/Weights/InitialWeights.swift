import CellData
public import CytoselfModel
public import Foundation
import Numerics
import Torch
import TorchNN

/// Weights that a run starts from, checked against the model and the data before anything is written.
///
/// Encoders, codebooks and decoders are taken over. Classifiers are taken over when the classes are
/// the same, and start anew otherwise. Weights of others do not name their classes; those are taken
/// to be the same when there are as many.
public struct InitialWeights {
  /// The weight file.
  public let url: URL
  /// What is taken over, in a sentence.
  public let note: String
  private let state: StateDictionary

  /// Reads and checks the weights that a configuration names.
  ///
  /// - Parameters:
  ///   - training: its `init` names the weights, its `freeze` what must not start anew.
  ///   - data: the cells.
  ///   - model: the model that is trained.
  /// - Returns: nil where the weights are to be drawn.
  /// - Throws: `StateMismatch` with everything that does not fit, and what reading throws.
  public init?(
    _ training: TrainingSection, data: TrainingData, model: ModelConfiguration
  ) throws {
    let frozen = try training.frozenParts(of: model)
    guard !training.initial.isEmpty else {
      guard frozen.isEmpty else {
        throw TrainingError.invalidValue(
          key: "training.freeze", value: "\(training.freeze)",
          expected: "empty where training.init names no weights to keep")
      }
      return nil
    }
    let source = try ModelSource(URL(filePath: training.initial))
    url = source.weights
    let classes = data.book?.classes ?? []
    let theirs = source.described?.classes ?? []
    let theirCount = source.likelyModel.classes
    let hasSameClasses =
      source.described == nil || theirs.isEmpty
      ? theirCount == model.classes : theirs == classes
    let keepsHeads = model.head != nil && hasSameClasses
    let headPaths = ModelPart.Kind.head.prefixes

    var tensors = try source.state()
    if !keepsHeads {
      var others = StateDictionary()
      for (name, tensor) in tensors where !headPaths.contains(where: name.hasPrefix) {
        others[name] = tensor
      }
      tensors = others
    }
    // Only the names and shapes are looked at.
    let fresh = try CytoselfModel(model, generator: Generator(seed: 0))
    var needed = StateDictionary()
    for (name, tensor) in fresh.stateDictionary
    where keepsHeads || !headPaths.contains(where: name.hasPrefix) {
      needed[name] = tensor
    }
    var mismatch = needed.mismatch(with: tensors)
    mismatch.settings = Self.differences(
      source, data: data, model: model,
      // A kept classifier cannot start anew.
      classes: frozen.contains { $0.kind == .head } && !hasSameClasses ? (classes, theirs) : nil)
    guard mismatch.isEmpty else { throw mismatch }
    state = tensors
    note = Self.note(
      source, keepsHeads: keepsHeads, hasHead: model.head != nil, isNamed: !theirs.isEmpty,
      frozen: frozen, count: model.classes)
  }

  /// Copies the weights into a model; classifiers that start anew keep what they have.
  ///
  /// - Throws: `TorchError`.
  func copy(to model: CytoselfModel) throws {
    try withoutGradients {
      for (name, tensor) in model.stateDictionary {
        if let source = state[name] { try tensor.copy(from: source) }
      }
    }
  }

  /// What differs beside the tensors.
  private static func differences(
    _ source: ModelSource, data: TrainingData, model: ModelConfiguration,
    classes: (own: [String], theirs: [String])?
  ) -> [StateMismatch.Setting] {
    var list: [StateMismatch.Setting] = []
    func compare(
      _ name: String, _ own: some CustomStringConvertible & Equatable,
      _ theirs: some CustomStringConvertible & Equatable
    ) {
      if own.description != theirs.description {
        list.append(.init(name, expected: own.description, found: theirs.description))
      }
    }
    if let sizes = source.cropSizes, !sizes.contains(model.imageSize) {
      let theirs =
        sizes.count == 1 ? "\(sizes.lowerBound)" : "\(sizes.lowerBound) to \(sizes.upperBound)"
      compare("crop size", model.imageSize, theirs)
    }
    if let channels = source.described?.channels, !channels.isEmpty {
      compare(
        "channels", data.set.channelNames.joined(separator: ", "),
        channels.joined(separator: ", "))
    }
    if let classes {
      compare("classes of a kept head", listed(classes.own), listed(classes.theirs))
    }
    let theirs = source.likelyModel
    compare(
      "model.architecture", model.architecture.rawValue, theirs.architecture.rawValue)
    compare("image channels", model.imageChannels, theirs.imageChannels)
    compare("model.levels", model.levels.count, theirs.levels.count)
    for (index, (own, other)) in zip(model.levels, theirs.levels).enumerated() {
      if model.isQuantized, theirs.isQuantized {
        compare("model.levels[\(index)].codes", own.codes, other.codes)
        compare("model.levels[\(index)].code_width", own.codeWidth, other.codeWidth)
        compare("model.levels[\(index)].splits", own.splits, other.splits)
      }
    }
    if model.levels.allSatisfy({ $0.stages == nil }), theirs.levels.allSatisfy({ $0.stages == nil })
    {
      compare("model.scale", model.scale.rawValue, theirs.scale.rawValue)
    }
    compare(
      "convolutions before the quantisers", model.hasCodeConvolutions, theirs.hasCodeConvolutions)
    compare("quantised", model.isQuantized, theirs.isQuantized)
    compare("decoders between levels", model.hasLevelDecoders, theirs.hasLevelDecoders)
    compare(
      "model.decoder.residual_units", model.decoder.residualUnits, theirs.decoder.residualUnits)
    compare(
      "model.decoder.hidden_width", model.decoder.hiddenWidth ?? 0, theirs.decoder.hiddenWidth ?? 0)
    return list
  }

  private static func listed(_ names: [String]) -> String {
    let more = names.count > 4 ? ", ..." : ""
    return names.isEmpty
      ? "not named" : "\(names.count) (\(names.prefix(4).joined(separator: ", "))\(more))"
  }

  private static func note(
    _ source: ModelSource, keepsHeads: Bool, hasHead: Bool, isNamed: Bool,
    frozen: Set<ModelPart>, count: Int
  ) -> String {
    var text = "Starting from \(source.weights.path)"
    if keepsHeads {
      text +=
        isNamed
        ? ", classifiers too (the classes are the same)"
        : ", classifiers too (the file does not name its \(count.counted("class", "classes")); they are taken to be"
          + " these, in sorted order)"
    } else if hasHead {
      text += "; the classes are others, so the classifiers start anew"
    }
    guard !frozen.isEmpty else { return text + "." }
    let names = frozen.map { "\($0.kind.rawValue)\($0.level + 1)" }.sorted()
    return text + "; kept as they are: \(names.joined(separator: ", "))."
  }
}

extension ModelPart.Kind {
  /// How the names of the tensors of such parts begin.
  fileprivate var prefixes: [String] { [paths.single + ".", paths.several + "."] }
}
