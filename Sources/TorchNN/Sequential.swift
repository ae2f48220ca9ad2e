public import Torch

/// A part with one input and one output.
public protocol Layer: Module {
  /// Computes the output.
  ///
  /// - Throws: `TorchError` when the input's shape does not fit.
  func callAsFunction(_ input: Tensor, _ context: ForwardContext) throws(TorchError) -> Tensor
}

/// Layers one after another, numbered from 0 or named.
public final class Sequential: Layer {
  /// The layers with the names of their state.
  public let layers: [(name: String, layer: any Layer)]

  /// Layers named by their position.
  public init(_ layers: [any Layer]) {
    self.layers = layers.enumerated().map { (String($0.offset), $0.element) }
  }

  /// Layers with names of their own.
  public init(named layers: [(name: String, layer: any Layer)]) {
    self.layers = layers
  }

  /// The layers as parts.
  public var children: [(name: String, module: any Module)] {
    layers.map { ($0.name, $0.layer) }
  }

  /// Feeds each layer with the one before it.
  public func callAsFunction(
    _ input: Tensor, _ context: ForwardContext
  ) throws(TorchError) -> Tensor {
    var x = input
    for (_, layer) in layers { x = try layer(x, context) }
    return x
  }
}

/// An activation function, or none.
public enum Activation: String, Sendable, Codable {
  /// `x * sigmoid(x)`.
  case silu
  /// `max(x, 0)`.
  case relu

  /// Applies the function.
  ///
  /// - Throws: `TorchError` when memory is short.
  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    switch self {
    case .silu: try input.silu()
    case .relu: try input.relu()
    }
  }
}

/// An activation that takes a number in a ``Sequential`` but has no state.
public final class ActivationLayer: Layer {
  private let activation: Activation

  /// Wraps an activation.
  public init(_ activation: Activation) {
    self.activation = activation
  }

  /// Applies the function.
  public func callAsFunction(
    _ input: Tensor, _ context: ForwardContext
  ) throws(TorchError) -> Tensor {
    try activation(input)
  }
}

/// Zeroes each element with a probability while training, and scales up the rest.
public final class Dropout: Layer {
  private let rate: Double

  /// - Parameter rate: The probability of a zero, 0 ..< 1.
  public init(rate: Double) {
    self.rate = rate
  }

  /// Drops elements in training, and passes the input through otherwise.
  public func callAsFunction(
    _ input: Tensor, _ context: ForwardContext
  ) throws(TorchError) -> Tensor {
    try context.dropping(input, rate: rate, maskShape: input.shape)
  }
}
