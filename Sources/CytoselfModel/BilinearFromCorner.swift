package import Torch

extension Tensor {
  /// Resizes `[batch, channel, height, width]` bilinearly to a square, with the pixels of both
  /// images counted from the corner and not from their centres: output `i` lies at
  /// `i * size / side` of the input, and beyond the last pixel its value stays.
  ///
  /// TensorFlow 1 resizes so, which upstream's Keras models use to join levels; elsewhere they, as
  /// PyTorch, count from pixel centres.
  ///
  /// - Returns: `[batch, channel, side, side]`; gradients pass.
  /// - Throws: `TorchError` when memory is short.
  package func upsampledFromCorner(side: Int) throws(TorchError) -> Tensor {
    let shape = self.shape
    if shape[2] == side, shape[3] == side { return self }
    // One product for both directions; channels stay innermost.
    let weights = try Self.cornerWeights(height: shape[2], width: shape[3], side: side).to(device)
    return
      try weights
      .matrixProduct(permuted(0, 2, 3, 1).reshaped(shape[0], shape[2] * shape[3], shape[1]))
      .reshaped(shape[0], side, side, shape[1]).permuted(0, 3, 1, 2)
  }

  /// What each of `height * width` pixels gives to each of `side * side`, `[side * side, height * width]`.
  private static func cornerWeights(
    height: Int, width: Int, side: Int
  ) throws(TorchError) -> Tensor {
    let rows = cornerWeights(from: height, to: side)
    let columns = cornerWeights(from: width, to: side)
    var weights: [Float] = []
    weights.reserveCapacity(side * side * height * width)
    for row in rows {
      for column in columns {
        for share in row { for other in column { weights.append(share * other) } }
      }
    }
    return try Tensor(weights, shape: [side * side, height * width])
  }

  /// What each of `size` pixels in a row gives to each of `side`, one list for each of these.
  private static func cornerWeights(from size: Int, to side: Int) -> [[Float]] {
    let step = Float(size) / Float(side)
    return (0..<side).map { place in
      var weights = [Float](repeating: 0, count: size)
      let position = Float(place) * step
      let first = min(Int(position), size - 1)
      let share = position - Float(first)
      weights[first] += 1 - share
      weights[min(first + 1, size - 1)] += share
      return weights
    }
  }
}
