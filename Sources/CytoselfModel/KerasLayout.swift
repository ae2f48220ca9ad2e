import Torch

/// How the axes of a Keras weight lie beside ours.
enum KerasLayout: Equatable {
  /// Vectors: the same.
  case vector
  /// `[height, width, inputs, outputs]` in Keras, `[outputs, inputs, height, width]` here.
  case kernel
  /// `[height, width, channels, 1]` in Keras, `[channels, 1, height, width]` here.
  case depthwise
  /// `[inputs, outputs]` in Keras, `[outputs, inputs]` here; a codebook is `[width, codes]` there.
  case transposed
  /// As `transposed`, where the inputs are a map that was flattened: channels last in Keras,
  /// `[height, width, channels]`, and first here.
  case flattened(channels: Int, side: Int)

  /// The number of axes in Keras.
  var axes: Int {
    switch self {
    case .vector: 1
    case .transposed, .flattened: 2
    case .kernel, .depthwise: 4
    }
  }

  /// Whether an array of this shape, in Keras's order, can be this weight.
  func fits(_ shape: [Int]) -> Bool {
    guard shape.count == axes else { return false }
    if case .flattened(let channels, let side) = self { return shape[0] == channels * side * side }
    return true
  }

  /// From Keras's order of axes to ours.
  ///
  /// - Parameter weight: A tensor whose shape fits.
  /// - Throws: `TorchError`.
  func read(_ weight: Tensor) throws(TorchError) -> Tensor {
    switch self {
    case .vector: weight
    case .kernel: try weight.permuted(3, 2, 0, 1).contiguous()
    case .depthwise: try weight.permuted(2, 3, 0, 1).contiguous()
    case .transposed: try weight.permuted(1, 0).contiguous()
    case .flattened(let channels, let side):
      try weight.reshaped(side, side, channels, -1).permuted(3, 2, 0, 1)
        .reshaped(-1, channels * side * side).contiguous()
    }
  }

  /// From our order of axes to Keras's.
  ///
  /// - Throws: `TorchError`.
  func written(_ weight: Tensor) throws(TorchError) -> Tensor {
    switch self {
    case .vector: weight
    case .kernel: try weight.permuted(2, 3, 1, 0).contiguous()
    case .depthwise: try weight.permuted(2, 3, 0, 1).contiguous()
    case .transposed: try weight.permuted(1, 0).contiguous()
    case .flattened(let channels, let side):
      try weight.reshaped(-1, channels, side, side).permuted(2, 3, 1, 0)
        .reshaped(channels * side * side, -1).contiguous()
    }
  }
}
