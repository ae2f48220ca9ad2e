public import Torch

/// How the parts of the loss are weighed.
public struct LossCoefficients: Sendable, Equatable {
  /// The weight of the quantisation losses.
  public var quantization: Double
  /// The weight of the pretext losses.
  public var classification: Double
  /// The share of the classifiers' aim that is spread over all classes.
  ///
  /// Label smoothing: Szegedy et al. 2016.
  public var labelSmoothing: Double

  /// Upstream weighs everything by 1, and smooths nothing.
  public init(
    quantization: Double = 1, classification: Double = 1, labelSmoothing: Double = 0
  ) {
    self.quantization = quantization
    self.classification = classification
    self.labelSmoothing = labelSmoothing
  }

  /// The same for evaluation: cross-entropies as they are.
  public var evaluating: LossCoefficients {
    LossCoefficients(quantization: quantization, classification: classification)
  }
}

/// The losses of a model: what is minimised, and the terms it is the weighted sum of.
///
/// `Scalar` is a tensor of one number in a training step, and a number in a record.
public struct ModelLosses<Scalar> {
  /// A loss of one level.
  public struct Term {
    /// The level, from 0.
    public var level: Int
    /// The loss.
    public var value: Scalar

    /// A loss with its level.
    public init(level: Int, value: Scalar) {
      self.level = level
      self.value = value
    }
  }

  /// The levels of the model.
  public var levels: Int
  /// What is minimised.
  public var total: Scalar
  /// The cross-entropy of each classifier that takes part.
  public var classification: [Term]
  /// The error of the image (level 0) over the variance of the training images, then that of every
  /// rebuilt level; empty for a plain autoencoder, whose error is the total.
  public var reconstruction: [Term]
  /// The terms of every level's quantiser; empty where nothing is quantised.
  public var quantization: [QuantizationLoss<Scalar>]

  /// Losses of their parts.
  public init(
    levels: Int, total: Scalar, classification: [Term] = [], reconstruction: [Term] = [],
    quantization: [QuantizationLoss<Scalar>] = []
  ) {
    self.levels = levels
    self.total = total
    self.classification = classification
    self.reconstruction = reconstruction
    self.quantization = quantization
  }
}

extension ModelLosses: Sendable where Scalar: Sendable {}
extension ModelLosses: Equatable where Scalar: Equatable {}
extension ModelLosses: Codable where Scalar: Codable {}
extension ModelLosses.Term: Sendable where Scalar: Sendable {}
extension ModelLosses.Term: Equatable where Scalar: Equatable {}
extension ModelLosses.Term: Codable where Scalar: Codable {}

extension ModelLosses {
  /// The same losses with every scalar replaced.
  ///
  /// - Throws: what `transform` throws.
  public func map<Other>(_ transform: (Scalar) throws -> Other) rethrows -> ModelLosses<Other> {
    ModelLosses<Other>(
      levels: levels, total: try transform(total),
      classification: try classification.map {
        .init(level: $0.level, value: try transform($0.value))
      },
      reconstruction: try reconstruction.map {
        .init(level: $0.level, value: try transform($0.value))
      },
      quantization: try quantization.map { try $0.map(transform) })
  }

  /// These losses combined with others of the same model, scalar by scalar.
  public func combined(
    with other: ModelLosses, _ combine: (Scalar, Scalar) -> Scalar
  ) -> ModelLosses {
    precondition(
      classification.map(\.level) == other.classification.map(\.level)
        && reconstruction.map(\.level) == other.reconstruction.map(\.level)
        && quantization.count == other.quantization.count,
      "Only losses of the same model can be combined.")
    func terms(_ own: [Term], _ others: [Term]) -> [Term] {
      zip(own, others).map { Term(level: $0.level, value: combine($0.value, $1.value)) }
    }
    return ModelLosses(
      levels: levels, total: combine(total, other.total),
      classification: terms(classification, other.classification),
      reconstruction: terms(reconstruction, other.reconstruction),
      quantization: zip(quantization, other.quantization).map { $0.combined(with: $1, combine) })
  }
}

extension CytoselfModel {
  /// The loss of what the model made of a batch.
  ///
  /// The sum of: the mean squared error of the image over the variance of the training images,
  /// the mean squared error of every rebuilt level, the quantisation losses, and the
  /// cross-entropies. A plain autoencoder's error is not divided, as upstream's is not.
  ///
  /// - Parameters:
  ///   - output: What ``forward(_:_:)`` gave.
  ///   - images: What it was given.
  ///   - classes: The true classes, int64 `[batch]`; not read without a head.
  ///   - variance: The variance of the training images.
  ///   - coefficients: How the parts are weighed.
  /// - Throws: `TorchError`.
  public func losses(
    _ output: ModelOutput, images: Tensor, classes: Tensor?, variance: Double,
    coefficients: LossCoefficients = LossCoefficients()
  ) throws(TorchError) -> ModelLosses<Tensor> {
    let levels = configuration.levels.count
    let error = try output.decoded.meanSquaredError(to: images)
    guard configuration.isQuantized || configuration.head != nil else {
      return ModelLosses(levels: levels, total: error)
    }

    let imageError = try error / variance
    var total = imageError
    var reconstruction = [ModelLosses<Tensor>.Term(level: 0, value: imageError)]
    for (level, value) in output.levelErrors {
      total = try total + value
      reconstruction.append(.init(level: level, value: value))
    }
    for quantized in output.quantized {
      total = try total + quantized.loss.total * coefficients.quantization
    }
    var classification: [ModelLosses<Tensor>.Term] = []
    if let classes {
      for (level, logits) in output.logits {
        let entropy = try logits.crossEntropy(classes)
        total = try total + smoothed(entropy, logits, coefficients) * coefficients.classification
        classification.append(.init(level: level, value: entropy))
      }
    }
    return ModelLosses(
      levels: levels, total: total, classification: classification,
      reconstruction: reconstruction.sorted { $0.level < $1.level },
      quantization: output.quantized.map(\.loss))
  }

  /// The cross-entropy with an aim that is partly spread over all classes.
  private func smoothed(
    _ entropy: Tensor, _ logits: Tensor, _ coefficients: LossCoefficients
  ) throws(TorchError) -> Tensor {
    let share = coefficients.labelSmoothing
    guard share > 0 else { return entropy }
    return try entropy * (1 - share) - logits.logSoftmax(1).mean() * share
  }
}
