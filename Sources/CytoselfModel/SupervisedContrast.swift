package import Torch
import TorchNN

/// The supervised contrastive loss: cells of one protein near one another, those of others far away.
///
/// Khosla et al. 2020.
package enum SupervisedContrast {
  /// Takes a cell out of the comparison with itself.
  private static let excluded = 1e9

  /// The loss of a batch; 0 where no two cells are of one class.
  ///
  /// `mean over i of -1/|P(i)| sum over p in P(i) of log softmax over a != i of (z_i z_a / t)`, with unit
  /// vectors z, the other cells P(i) of the class of i, and temperature t.
  ///
  /// - Parameters:
  ///   - vectors: `[batch, width]`, of any length.
  ///   - classes: int64 `[batch]`.
  ///   - temperature: Above 0.
  package static func loss(
    _ vectors: Tensor, classes: Tensor, temperature: Double
  ) throws(TorchError) -> Tensor {
    let count = vectors.shape[0]
    let lengths = try (vectors.squared().sum(1, keepingAxes: true) + 1e-12).squareRoot()
    let unit = try vectors / lengths
    let places = try Tensor.range(count, device: vectors.device)
    let isSelf = try places.reshaped(count, 1).isEqual(to: places.reshaped(1, count))
      .to(elementType: .float32)
    let isSame =
      try classes.reshaped(count, 1).isEqual(to: classes.reshaped(1, count))
      .to(elementType: .float32) - isSelf
    let similarities = try unit.matrixProduct(unit.permuted(1, 0)) / temperature
    let logarithms = try (similarities - isSelf * excluded).logSoftmax(1)
    let positives = try isSame.sum(1)
    // The product with the excluded places is a large number times 0.
    let sums = try (logarithms * isSame).sum(1)
    // 1 for a cell with another of its class, 0 without.
    let isAnchor = try positives - (positives - 1).atLeast(0)
    return try (sums / positives.atLeast(1)).sum().negated() / isAnchor.sum().atLeast(1)
  }
}

/// Makes the vectors that contrastive learning compares, which are not kept.
///
/// Chen et al. 2020.
final class Projector: Module {
  private let layers: Sequential

  /// The width of the vectors.
  static let width = 64

  init(features: Int, _ generator: Generator) throws(TorchError) {
    layers = Sequential([
      try Linear(
        inputs: features, outputs: features, initializer: .xavierUniform, generator: generator),
      ActivationLayer(.silu),
      try Linear(
        inputs: features, outputs: Self.width, initializer: .xavierUniform, generator: generator),
    ])
  }

  var children: [(name: String, module: any Module)] { [("layers", layers)] }

  /// Vectors `[batch, width]` of features `[batch, features]`.
  func callAsFunction(_ features: Tensor, _ context: ForwardContext) throws(TorchError) -> Tensor {
    try layers(features.silu(), context)
  }
}
