public import Torch

/// The constants of a batch normalisation.
public struct NormConstants: Sendable, Hashable, Codable {
  /// Added to the variance.
  public var epsilon: Double
  /// The share of a batch's statistics in the running ones (PyTorch's sense).
  public var momentum: Double

  /// Any constants.
  public init(epsilon: Double, momentum: Double) {
    self.epsilon = epsilon
    self.momentum = momentum
  }

  /// PyTorch's defaults.
  public static let pytorch = NormConstants(epsilon: 1e-5, momentum: 0.1)
  /// Keras's defaults: a momentum of 0.99 there keeps 0.99 of the old statistics.
  public static let keras = NormConstants(epsilon: 1e-3, momentum: 0.01)
}

/// Batch normalisation of the channels of `[batch, channel, height, width]`.
public final class BatchNormalization: Layer {
  private let weight: Tensor?
  private let bias: Tensor?
  private let runningMean: Tensor
  private let runningVariance: Tensor
  private let batches: Tensor
  private let constants: NormConstants
  private let appliesSiLU: Bool
  private let state: [(name: String, state: StateTensor)]

  /// A normalisation that starts as the identity.
  ///
  /// - Parameters:
  ///   - channels: The number of channels.
  ///   - isAffine: Whether a trained scale and shift follow.
  ///   - constants: Epsilon and momentum.
  ///   - appliesSiLU: Whether SiLU follows, in the same pass.
  /// - Throws: `TorchError` when memory is short.
  public init(
    channels: Int, isAffine: Bool, constants: NormConstants = .pytorch, appliesSiLU: Bool = false
  ) throws(TorchError) {
    self.constants = constants
    self.appliesSiLU = appliesSiLU
    runningMean = try Tensor.filled(with: 0, shape: [channels])
    runningVariance = try Tensor.filled(with: 1, shape: [channels])
    batches = try Tensor.filled(with: 0, shape: [], elementType: .int64)
    var state: [(name: String, state: StateTensor)] = []
    if isAffine {
      let weight = try Tensor.filled(with: 1, shape: [channels])
      let bias = try Tensor.filled(with: 0, shape: [channels])
      state = [("weight", try .parameter(weight)), ("bias", try .parameter(bias))]
      self.weight = weight
      self.bias = bias
    } else {
      weight = nil
      bias = nil
    }
    self.state =
      state + [
        ("running_mean", .buffer(runningMean)), ("running_var", .buffer(runningVariance)),
        ("num_batches_tracked", .buffer(batches)),
      ]
  }

  /// Scale and shift if affine, the running statistics, and the number of batches seen.
  public var tensors: [(name: String, state: StateTensor)] { state }

  /// Normalises by the batch in training, by the running statistics otherwise.
  public func callAsFunction(
    _ input: Tensor, _ context: ForwardContext
  ) throws(TorchError) -> Tensor {
    try self(input, adding: nil, context)
  }

  /// Normalises, and adds another map before the activation.
  ///
  /// - Parameters:
  ///   - input: `[batch, channel, height, width]`.
  ///   - other: Of the same shape, or nil.
  ///   - context: Training or evaluation.
  /// - Throws: `TorchError` when the shapes do not fit.
  public func callAsFunction(
    _ input: Tensor, adding other: Tensor?, _ context: ForwardContext
  ) throws(TorchError) -> Tensor {
    if context.isTraining {
      try withoutGradients { () throws(TorchError) in try batches.copy(from: batches + 1) }
    }
    return try input.batchNormalized(
      weight: weight, bias: bias, runningMean: runningMean, runningVariance: runningVariance,
      training: context.isTraining, momentum: constants.momentum, epsilon: constants.epsilon,
      adding: other, appliesSiLU: appliesSiLU)
  }
}
