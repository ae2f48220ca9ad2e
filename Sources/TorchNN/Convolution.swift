public import Torch

/// A two-dimensional convolution of `[batch, channel, height, width]`.
public final class Convolution: Layer {
  /// `[outputs, inputs / groups, kernel, kernel]`.
  public let weight: Tensor
  /// `[outputs]`, if there is one.
  public let bias: Tensor?
  private let stride: Int
  private let groups: Int
  private let kernel: Int
  private let padding: Padding
  private let state: [(name: String, state: StateTensor)]

  /// A convolution with random weights.
  ///
  /// - Parameters:
  ///   - inputs: Channels in.
  ///   - outputs: Channels out.
  ///   - kernel: Side of the square kernel, odd.
  ///   - stride: Step in both directions.
  ///   - groups: Blocks of channels that do not see each other; `inputs` makes it depthwise.
  ///   - padding: Where zeros go.
  ///   - hasBias: Whether a bias, starting at zero, is added.
  ///   - initializer: How the weights start.
  ///   - generator: Where they are drawn from.
  /// - Throws: `TorchError` when memory is short.
  public init(
    inputs: Int, outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1,
    padding: Padding = .symmetric, hasBias: Bool = false, initializer: Initializer,
    generator: Generator
  ) throws(TorchError) {
    precondition(kernel % 2 == 1, "Only odd kernels keep the size of an image.")
    precondition(inputs % groups == 0, "The input channels must be divisible by the groups.")
    self.stride = stride
    self.groups = groups
    self.kernel = kernel
    self.padding = padding
    weight = try initializer.tensor([outputs, inputs / groups, kernel, kernel], generator)
    var state = [("weight", try StateTensor.parameter(weight))]
    if hasBias {
      let bias = try Tensor.filled(with: 0, shape: [outputs])
      state.append(("bias", try .parameter(bias)))
      self.bias = bias
    } else {
      bias = nil
    }
    self.state = state
  }

  /// The weight and the bias.
  public var tensors: [(name: String, state: StateTensor)] { state }

  /// Convolves; the output is `ceil(size / stride)` on each side, unless the padding says otherwise.
  public func callAsFunction(
    _ input: Tensor, _ context: ForwardContext
  ) throws(TorchError) -> Tensor {
    let output = try convolve(input)
    if let work = context.work {
      work.add(
        outputElements: output.count, perOutput: weight.count / weight.shape[0])
    }
    return output
  }

  private func convolve(_ input: Tensor) throws(TorchError) -> Tensor {
    switch padding {
    case .symmetric:
      return try input.convolved(
        weight, bias: bias, stride: stride, padding: kernel / 2, groups: groups)
    case .same:
      let (top, bottom) = zeros(input.shape[2])
      let (left, right) = zeros(input.shape[3])
      if top == bottom, left == right, top == left {
        return try input.convolved(
          weight, bias: bias, stride: stride, padding: top, groups: groups)
      }
      return try input.zeroPadded(left: left, right: right, top: top, bottom: bottom)
        .convolved(weight, bias: bias, stride: stride, groups: groups)
    case .leading:
      let (before, after) = (kernel / 2, max(0, kernel / 2 - 1))
      return try input.zeroPadded(left: before, right: after, top: before, bottom: after)
        .convolved(weight, bias: bias, stride: stride, groups: groups)
    }
  }

  private func zeros(_ size: Int) -> (before: Int, after: Int) {
    let output = (size + stride - 1) / stride
    let total = max(0, (output - 1) * stride + kernel - size)
    return (total / 2, total - total / 2)
  }
}
