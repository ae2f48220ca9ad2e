import Torch
import TorchNN

/// Makes one vector of a cell from the maps of all stages of all encoders.
///
/// Each channel of each map gives its mean and its standard deviation over the positions, so that
/// texture counts as much as brightness, fine stages beside coarse ones, and where a cell lies does not.
/// A normalisation, a linear layer and another normalisation make the features.
final class FeaturePooling: Module {
  private let inputNorm: BatchNormalization
  private let dropout: Dropout
  private let linear: Linear
  private let outputNorm: BatchNormalization

  /// Keeps the gradient of a standard deviation finite where a channel is constant.
  private static let varianceGuard = 1e-4

  /// - Parameters:
  ///   - inputs: Twice the channels of all maps.
  ///   - features: The length of the vector.
  ///   - dropout: The share of the inputs dropped in training.
  init(
    inputs: Int, features: Int, dropout: Double, _ generator: Generator
  ) throws(TorchError) {
    inputNorm = try BatchNormalization(channels: inputs, isAffine: false)
    self.dropout = Dropout(rate: dropout)
    linear = try Linear(
      inputs: inputs, outputs: features, initializer: .xavierUniform, generator: generator)
    outputNorm = try BatchNormalization(channels: features, isAffine: false)
  }

  var children: [(name: String, module: any Module)] {
    [("input_norm", inputNorm), ("linear", linear), ("output_norm", outputNorm)]
  }

  /// Features `[batch, features]` of maps `[batch, channel, height, width]`.
  func callAsFunction(_ maps: [Tensor], _ context: ForwardContext) throws(TorchError) -> Tensor {
    var parts: [Tensor] = []
    for stage in maps {
      let map = try stage.to(elementType: .float32)
      let area = Double(map.shape[2] * map.shape[3])
      let mean = try map.sum(2, 3, keepingAxes: true) / area
      let variance = try (map - mean).squared().sum(2, 3, keepingAxes: true) / area
      parts += [mean, try (variance + Self.varianceGuard).squareRoot()]
    }
    let pooled = try inputNorm(.concatenated(parts, axis: 1).contiguous(), context)
    let flat = try dropout(pooled.reshaped(pooled.shape[0], -1), context)
    let features = try linear(flat, context)
    return try outputNorm(features.reshaped(features.shape[0], -1, 1, 1), context)
      .reshaped(features.shape[0], -1)
  }
}
