public import Torch

/// How the parts of the loss are weighed.
public struct LossCoefficients: Sendable, Equatable {
  /// The weight of the quantisation losses.
  public var quantization: Double
  /// The weight of the pretext losses.
  public var classification: Double

  /// Upstream weighs everything by 1.
  public init(quantization: Double = 1, classification: Double = 1) {
    self.quantization = quantization
    self.classification = classification
  }
}

/// The loss of a batch and its parts, each a scalar.
public struct ModelLosses {
  /// What is minimised.
  public let total: Tensor
  /// Every part under upstream's name, in upstream's order, perplexities among them.
  public let parts: [(name: String, value: Tensor)]
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
  ) throws(TorchError) -> ModelLosses {
    let isNested = configuration.levels.count > 1
    func numbered(_ prefix: String, _ level: Int) -> String {
      isNested ? "\(prefix)\(level + 1)" : prefix
    }
    let error = try output.decoded.meanSquaredError(to: images)
    guard configuration.isQuantized || configuration.head != nil else {
      return ModelLosses(total: error, parts: [("loss", error)])
    }

    let reconstruction = try error / variance
    var total = reconstruction
    var errors = [(numbered("reconstruction", 0) + "_loss", reconstruction)]
    for (level, value) in output.levelErrors {
      total = try total + value
      errors.append((numbered("reconstruction", level) + "_loss", value))
    }
    for quantized in output.quantized {
      total = try total + quantized.loss.total * coefficients.quantization
    }
    var entropies: [(String, Tensor)] = []
    if let classes {
      for (level, logits) in output.logits {
        let entropy = try logits.crossEntropy(classes)
        total = try total + entropy * coefficients.classification
        entropies.append((numbered("fc", level) + "_loss", entropy))
      }
    }

    var parts: [(name: String, value: Tensor)] = [("loss", total)]
    parts += entropies
    for (level, quantized) in output.quantized.enumerated() {
      parts.append((numbered("perplexity", level), quantized.perplexity))
    }
    parts += errors.sorted { $0.0 < $1.0 }
    for (level, quantized) in output.quantized.enumerated() {
      // Upstream's one-level models name the terms without a prefix, but for the sum.
      let prefix = isNested ? "vq\(level + 1)_" : ""
      parts.append(((isNested ? prefix : "vq_") + "loss", quantized.loss.total))
      parts.append((prefix + "commitment_loss", quantized.loss.commitment))
      parts.append((prefix + "quantization_loss", quantized.loss.quantization))
      parts.append((prefix + "softmax_loss", quantized.loss.softmax))
    }
    return ModelLosses(total: total, parts: parts)
  }
}
