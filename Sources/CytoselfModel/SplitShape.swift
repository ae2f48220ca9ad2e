public import Torch

// Upstream's Keras gives what is quantised in its split shape: the S codes of a position stand in the
// image beside each other, so that 9 codes at each of [4, 4] positions become [12, 12] codes. It is a
// plain reshape of [height, width, split], not a picture: the first row of 12 holds the nine codes of
// the first position and three of the next.

extension ModelConfiguration {
  /// The sides `[rows, columns]` of a level's codes in the split shape of upstream's Keras:
  /// `[12, 12]` for nine splits of `[4, 4]`.
  ///
  /// - Parameter index: The level, from 0.
  public func splitShape(_ index: Int) -> [Int] {
    let splits = levels[index].splits
    var columns = 1
    while columns * columns < splits { columns += 1 }
    var rows = (splits + columns - 1) / columns
    if rows * columns != splits { (rows, columns) = (1, splits) }
    return [levelSizes[index] * rows, levelSizes[index] * columns]
  }

  /// Brings `vqvec` or `vqind` of a level into the split shape of upstream's Keras.
  ///
  /// In NumPy, for codes: `vqind2.transpose(0, 2, 3, 1).reshape(n, 12, 12)`, and for vectors:
  /// `vqvec2.transpose(0, 2, 3, 1).reshape(n, 12, 12, 64)`.
  ///
  /// - Parameters:
  ///   - map: `[batch, split * width, height, width]`, as ``CytoselfModel/embed(_:layers:)`` gives it.
  ///   - index: The level, from 0.
  /// - Returns: `[batch, rows, columns, code width]`; for codes `[batch, rows, columns]`.
  /// - Throws: `TorchError` when the shape is not the level's.
  public func splitShaped(_ map: Tensor, level index: Int) throws(TorchError) -> Tensor {
    let shape = map.shape
    let sides = splitShape(index)
    let width = shape[1] / levels[index].splits
    return try map.permuted(0, 2, 3, 1)
      .reshaped(to: [shape[0]] + sides + (width == 1 ? [] : [width])).contiguous()
  }

  /// Brings what is in the split shape of upstream's Keras into the shape of
  /// ``CytoselfModel/embed(_:layers:)``, which is upstream's in PyTorch.
  ///
  /// In NumPy, for codes: `split.reshape(n, 4, 4, 9).transpose(0, 3, 1, 2)`, and for vectors:
  /// `split.reshape(n, 4, 4, 576).transpose(0, 3, 1, 2)`.
  ///
  /// - Parameters:
  ///   - split: `[batch, rows, columns, code width]`, or codes `[batch, rows, columns]`.
  ///   - index: The level, from 0.
  /// - Returns: `[batch, split * width, height, width]`.
  /// - Throws: `TorchError` when the shape is not the level's.
  public func mapShaped(_ split: Tensor, level index: Int) throws(TorchError) -> Tensor {
    let size = levelSizes[index]
    return try split.reshaped(split.shape[0], size, size, -1).permuted(0, 3, 1, 2).contiguous()
  }
}
