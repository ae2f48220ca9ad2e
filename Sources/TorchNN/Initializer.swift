public import Torch

/// How a weight's numbers start.
public enum Initializer: Sendable {
  /// Normal with variance `2 / (outputs * kernel area)` (He et al. 2015, fan-out).
  case kaimingNormalFanOut
  /// Normal with variance `2 / (fan in + fan out)` (Glorot and Bengio 2010).
  case xavierNormal
  /// Uniform with limit `sqrt(6 / (fan in + fan out))` (Glorot and Bengio 2010).
  case xavierUniform
  /// Uniform between `-limit` and `limit`.
  case uniform(limit: Double)

  /// A new tensor of a shape `[outputs, inputs, ...kernel]`.
  ///
  /// - Throws: `TorchError` when memory is short.
  public func tensor(_ shape: [Int], _ generator: Generator) throws(TorchError) -> Tensor {
    let tensor = try Tensor.filled(with: 0, shape: shape)
    let area = Double(shape.dropFirst(2).reduce(1, *))
    let fanOut = Double(shape[0]) * area
    let fanIn = Double(shape.count > 1 ? shape[1] : 1) * area
    switch self {
    case .kaimingNormalFanOut:
      try generator.fillNormal(tensor, standardDeviation: (2 / fanOut).squareRoot())
    case .xavierNormal:
      try generator.fillNormal(tensor, standardDeviation: (2 / (fanIn + fanOut)).squareRoot())
    case .xavierUniform:
      let limit = (6 / (fanIn + fanOut)).squareRoot()
      try generator.fillUniform(tensor, from: -limit, to: limit)
    case .uniform(let limit):
      try generator.fillUniform(tensor, from: -limit, to: limit)
    }
    return tensor
  }
}
