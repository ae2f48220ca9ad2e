public import Torch

/// `x W^T + b` on `[batch, inputs]`.
public final class Linear: Layer {
  private let weight: Tensor
  private let bias: Tensor
  private let state: [(name: String, state: StateTensor)]

  /// A linear layer whose bias starts at zero.
  ///
  /// - Throws: `TorchError` when memory is short.
  public init(
    inputs: Int, outputs: Int, initializer: Initializer, generator: Generator
  ) throws(TorchError) {
    weight = try initializer.tensor([outputs, inputs], generator)
    bias = try Tensor.filled(with: 0, shape: [outputs])
    state = [("weight", try .parameter(weight)), ("bias", try .parameter(bias))]
  }

  /// The weight `[outputs, inputs]` and the bias `[outputs]`.
  public var tensors: [(name: String, state: StateTensor)] { state }

  /// Multiplies and adds.
  public func callAsFunction(
    _ input: Tensor, _ context: ForwardContext
  ) throws(TorchError) -> Tensor {
    try input.linear(weight, bias: bias)
  }
}
