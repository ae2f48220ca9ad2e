import CTorch

extension Tensor {
  /// Two-dimensional convolution (cross-correlation).
  ///
  /// - Parameters:
  ///   - weight: `[outputs, inputs / groups, kernel height, kernel width]`.
  ///   - bias: `[outputs]`.
  ///   - stride: Steps in both directions.
  ///   - padding: Zeros on each side, in both directions.
  ///   - groups: Blocks of channels that do not see each other.
  /// - Returns: `[batch, outputs, (height + 2 padding - kernel) / stride + 1, ...]`.
  /// - Throws: ``TorchError`` when the shapes do not fit.
  public func convolved(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, groups: Int = 1
  ) throws(TorchError) -> Tensor {
    let strides = [stride, stride].int64s
    let paddings = [padding, padding].int64s
    return try made {
      ct_convolution(
        &$0, handle, weight.handle, bias?.handle, strides, paddings, [1, 1], Int64(groups), &$1)
    }
  }

  /// Batch normalisation over `[batch, height, width]` of every channel (Ioffe and Szegedy 2015), and
  /// what often follows: the addition of another map, and SiLU.
  ///
  /// - Parameters:
  ///   - weight: Scale `[channel]`, or nil for 1.
  ///   - bias: Shift `[channel]`, or nil for 0.
  ///   - runningMean: Used when not training, updated when training.
  ///   - runningVariance: Used when not training, updated when training.
  ///   - training: Whether to normalise by the batch's own statistics.
  ///   - momentum: The share of the new statistics in the running ones.
  ///   - epsilon: Added to the variance.
  ///   - other: Added to the normalised map; of the same shape.
  ///   - appliesSiLU: Whether SiLU follows.
  /// - Throws: ``TorchError`` when the shapes do not fit.
  public func batchNormalized(
    weight: Tensor?, bias: Tensor?, runningMean: Tensor, runningVariance: Tensor, training: Bool,
    momentum: Double, epsilon: Double, adding other: Tensor? = nil, appliesSiLU: Bool = false
  ) throws(TorchError) -> Tensor {
    try made {
      ct_batch_norm(
        &$0, handle, weight?.handle, bias?.handle, runningMean.handle, runningVariance.handle,
        training ? 1 : 0, momentum, epsilon, other?.handle, appliesSiLU ? 1 : 0, &$1)
    }
  }

  /// The map times a number for each image and channel.
  ///
  /// - Parameter scale: `[batch, channel, 1, 1]`; this tensor is `[batch, channel, height, width]`.
  /// - Throws: ``TorchError`` when the shapes do not fit.
  public func scalingChannels(by scale: Tensor) throws(TorchError) -> Tensor {
    try made { ct_scale_channels(&$0, handle, scale.handle, &$1) }
  }

  /// `x W^T + b` for `x` `[batch, inputs]` and `W` `[outputs, inputs]`.
  ///
  /// - Throws: ``TorchError`` when the shapes do not fit.
  public func linear(_ weight: Tensor, bias: Tensor? = nil) throws(TorchError) -> Tensor {
    try made { ct_linear(&$0, handle, weight.handle, bias?.handle, &$1) }
  }

  /// Resized bilinearly with half-pixel centres (`align_corners=False`).
  ///
  /// - Throws: ``TorchError`` unless this is `[batch, channel, height, width]`.
  public func upsampledBilinearly(height: Int, width: Int) throws(TorchError) -> Tensor {
    try made { ct_upsample_bilinear(&$0, handle, Int64(height), Int64(width), &$1) }
  }

  /// Resized by repeating the nearest pixel (`floor(position * input / output)`).
  ///
  /// - Throws: ``TorchError`` unless this is `[batch, channel, height, width]`.
  public func upsampledToNearest(height: Int, width: Int) throws(TorchError) -> Tensor {
    try made { ct_upsample_nearest(&$0, handle, Int64(height), Int64(width), &$1) }
  }

  /// Exponentials that sum to 1 along an axis.
  ///
  /// - Throws: ``TorchError`` when the axis does not exist.
  public func softmax(_ axis: Int) throws(TorchError) -> Tensor {
    try made { ct_softmax(&$0, handle, Int64(axis), 0, &$1) }
  }

  /// The logarithm of ``softmax(_:)``, computed stably.
  ///
  /// - Throws: ``TorchError`` when the axis does not exist.
  public func logSoftmax(_ axis: Int) throws(TorchError) -> Tensor {
    try made { ct_softmax(&$0, handle, Int64(axis), 1, &$1) }
  }

  /// The rows of this table `[rows, width]` that an int64 tensor names: `[..., width]`.
  ///
  /// - Throws: ``TorchError`` when a row does not exist.
  public func rows(at indices: Tensor) throws(TorchError) -> Tensor {
    try made { ct_embedding(&$0, handle, indices.handle, &$1) }
  }

  /// The nearest of some codes to each row of this tensor, by squared distance; no gradients.
  ///
  /// - Parameters:
  ///   - codebook: `[count, width]`; this tensor is `[n, width]`.
  ///   - withCrossEntropy: Whether to compute the second result.
  /// - Returns: The numbers of the codes, int64 `[n]`, and if wanted the cross-entropy of each row's
  ///   nearest code under the softmax of negative squared distances, `[n]`: the logarithm of the sum
  ///   over codes of `exp(least squared distance - squared distance)`. Nil where this project has no
  ///   kernel for the tensors.
  /// - Throws: ``TorchError`` when memory is short.
  public func nearestCodes(
    of codebook: Tensor, withCrossEntropy: Bool = false
  ) throws(TorchError) -> (codes: Tensor, crossEntropy: Tensor?)? {
    var codes: Handle?
    var crossEntropy: Handle?
    try checked { message in
      ct_nearest(
        &codes, &crossEntropy, handle, codebook.handle, withCrossEntropy ? 1 : 0, &message)
    }
    guard let codes else { return nil }
    return (Tensor(owning: codes), crossEntropy.map(Tensor.init(owning:)))
  }

  /// The mean of the squared differences over all elements, a scalar.
  ///
  /// - Throws: ``TorchError`` when the shapes do not fit.
  public func meanSquaredError(to target: Tensor) throws(TorchError) -> Tensor {
    try made { ct_mean_squared_error(&$0, handle, target.handle, &$1) }
  }

  /// The mean over the batch of the negative log probability of the true class, a scalar.
  ///
  /// - Parameter classes: int64 `[batch]`; this tensor is logits `[batch, classes]`.
  /// - Throws: ``TorchError`` when a class does not exist.
  public func crossEntropy(_ classes: Tensor) throws(TorchError) -> Tensor {
    try made { ct_cross_entropy(&$0, handle, classes.handle, &$1) }
  }
}
