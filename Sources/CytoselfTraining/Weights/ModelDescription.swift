public import CytoselfModel
import Foundation

/// What a weight file says about itself, so that it can be used without anything else.
public struct ModelDescription: Codable, Equatable, Sendable {
  /// The shape of the model.
  public var model: ModelConfiguration
  /// The column that the classes come from; nil for a model without classes.
  public var labelColumn: String?
  /// The classes, in the order of the classifier's outputs.
  public var classes: [String]
  /// The names of the channels, in the order of the input.
  public var channels: [String]
  /// What the pixels of a channel were multiplied by, beside the layout's own factors.
  public var intensity: [String: Double]
  /// What became of integer pixels (`unit` or `none`).
  public var integers: String
  /// What pixels were measured by (`none` or `crop`); nil means none.
  public var normalize: String?
  /// The variance of the training pixels, which the reconstruction loss is divided by; nil for
  /// weights that others trained.
  public var variance: Double?
  /// The epochs of training that made the weights, and the steps.
  public var epoch: Int
  /// Optimiser steps that made the weights.
  public var step: Int
  /// The monitored validation loss of the weights; nil before the first validation.
  public var validationLoss: Double?

  /// The key of the description in a safetensors file's metadata.
  package static let metadataKey = "cytoself"

  /// A description with all its parts.
  public init(
    model: ModelConfiguration, labelColumn: String?, classes: [String], channels: [String],
    intensity: [String: Double], integers: String, normalize: String? = nil, variance: Double?,
    epoch: Int = 0, step: Int = 0,
    validationLoss: Double? = nil
  ) {
    self.model = model
    self.labelColumn = labelColumn
    self.classes = classes
    self.channels = channels
    self.intensity = intensity
    self.integers = integers
    self.normalize = normalize
    self.variance = variance
    self.epoch = epoch
    self.step = step
    self.validationLoss = validationLoss
  }

  /// The description of weights that others trained: the shape of the model and nothing more.
  init(model: ModelConfiguration, epoch: Int) {
    self.init(
      model: model, labelColumn: nil, classes: [], channels: [], intensity: [:], integers: "unit",
      variance: nil, epoch: epoch)
  }
}

extension ModelDescription {
  /// The description as a safetensors file carries it.
  public var metadata: [String: String] {
    ["format": "pt", Self.metadataKey: String(decoding: JSON.encode(self), as: UTF8.self)]
  }

  /// Reads the description from a safetensors file's metadata.
  ///
  /// - Throws: ``TrainingError/notAModel(path:reason:)``.
  public init(metadata: [String: String], path: String) throws(TrainingError) {
    guard let text = metadata[Self.metadataKey] else {
      throw .notAModel(
        path: path, reason: "its metadata has no '\(Self.metadataKey)' entry with the model's shape"
      )
    }
    do {
      self = try JSONDecoder().decode(ModelDescription.self, from: Data(text.utf8))
    } catch {
      throw .notAModel(
        path: path,
        reason: "the '\(Self.metadataKey)' entry of its metadata cannot be read (\(error))")
    }
    if let problem {
      throw .notAModel(
        path: path, reason: "the '\(Self.metadataKey)' entry of its metadata says that \(problem)")
    }
  }

  /// What of it cannot be, in a few words; nil where all can.
  private var problem: String? {
    do {
      try model.validate()
    } catch {
      return String(error.description.trimmingSuffix("."))
    }
    if let wrong = intensity.sorted(by: { $0.key < $1.key }).first(where: {
      !$1.isFinite || $1 == 0
    }) {
      return "the pixels of \(wrong.key) were multiplied by \(wrong.value)"
    }
    if let variance, !(variance > 0 && variance.isFinite) {
      return "the training pixels have the variance \(variance)"
    }
    if !channels.isEmpty, channels.count != model.imageChannels {
      return "the model's channels are \(model.imageChannels), and \(channels.count) have names"
    }
    if model.head != nil, !classes.isEmpty, classes.count != model.classes {
      return "the model's classes are \(model.classes), and \(classes.count) have names"
    }
    if epoch < 0 || step < 0 { return "it was trained for \(epoch) epochs and \(step) steps" }
    return nil
  }
}
