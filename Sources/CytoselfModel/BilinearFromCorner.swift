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
    let wide = try reshaped(-1, shape[3])
      .matrixProduct(Self.cornerWeights(from: shape[3], to: side).to(device))
      .reshaped(-1, shape[2], side).permuted(0, 2, 1)
    return
      try wide
      .reshaped(-1, shape[2])
      .matrixProduct(Self.cornerWeights(from: shape[2], to: side).to(device))
      .reshaped(shape[0], shape[1], side, side).permuted(0, 1, 3, 2).contiguous()
  }

  /// What each of `size` pixels gives to each of `side`, `[size, side]`.
  private static func cornerWeights(from size: Int, to side: Int) throws(TorchError) -> Tensor {
    var weights = [Float](repeating: 0, count: size * side)
    let step = Float(size) / Float(side)
    for place in 0..<side {
      let position = Float(place) * step
      let first = min(Int(position), size - 1)
      let share = position - Float(first)
      weights[first * side + place] += 1 - share
      weights[min(first + 1, size - 1) * side + place] += share
    }
    return try Tensor(weights, shape: [size, side])
  }
}
