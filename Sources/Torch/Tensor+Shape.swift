import CTorch

extension Tensor {
  /// The same elements in another shape; one size may be -1 and is worked out.
  ///
  /// - Throws: ``TorchError`` when the counts differ.
  public func reshaped(_ shape: Int...) throws(TorchError) -> Tensor {
    try reshaped(to: shape)
  }

  /// The same elements in another shape; one size may be -1 and is worked out.
  ///
  /// - Throws: ``TorchError`` when the counts differ.
  public func reshaped(to shape: [Int]) throws(TorchError) -> Tensor {
    try made { ct_reshape(&$0, handle, shape.int64s, Int32(shape.count), &$1) }
  }

  /// A view with the axes in another order.
  ///
  /// - Throws: ``TorchError`` when the order is not a permutation.
  public func permuted(_ order: Int...) throws(TorchError) -> Tensor {
    try made { ct_permute(&$0, handle, order.int64s, Int32(order.count), &$1) }
  }

  /// The elements in C order without gaps; itself when they already are.
  ///
  /// - Throws: ``TorchError`` when memory is short.
  public func contiguous() throws(TorchError) -> Tensor {
    try made { ct_contiguous(&$0, handle, &$1) }
  }

  /// The same `[batch, channel, height, width]` with the channels innermost in memory.
  ///
  /// - Throws: ``TorchError`` when memory is short.
  public func channelsLast() throws(TorchError) -> Tensor {
    try made { ct_channels_last(&$0, handle, &$1) }
  }

  /// A view of `length` positions of an axis, from `start`.
  ///
  /// - Throws: ``TorchError`` when they reach past the end.
  public func narrowed(axis: Int, start: Int, length: Int) throws(TorchError) -> Tensor {
    try made { ct_narrow(&$0, handle, Int64(axis), Int64(start), Int64(length), &$1) }
  }

  /// Joins tensors along an axis.
  ///
  /// - Throws: ``TorchError`` when the other sizes differ.
  public static func concatenated(_ parts: [Tensor], axis: Int) throws(TorchError) -> Tensor {
    try made { out, message in
      withHandles(parts) {
        ct_concatenate(&out, $0, Int32(parts.count), Int64(axis), &message)
      }
    }
  }

  /// The positions of an axis that an int64 tensor lists.
  ///
  /// - Throws: ``TorchError`` when a position does not exist.
  public func selected(axis: Int, _ indices: Tensor) throws(TorchError) -> Tensor {
    try made { ct_index_select(&$0, handle, Int64(axis), indices.handle, &$1) }
  }

  /// The elements in reverse order along some axes.
  ///
  /// - Throws: ``TorchError`` when an axis does not exist.
  public func flipped(_ axes: Int...) throws(TorchError) -> Tensor {
    try made { ct_flip(&$0, handle, axes.int64s, Int32(axes.count), &$1) }
  }

  /// Turned by quarters in the plane of two axes, from the first towards the second.
  ///
  /// - Throws: ``TorchError`` when an axis does not exist.
  public func rotated(
    quarterTurns: Int, axes: (Int, Int)
  ) throws(TorchError) -> Tensor {
    try made {
      ct_rotate(&$0, handle, Int64(quarterTurns), Int64(axes.0), Int64(axes.1), &$1)
    }
  }

  /// Zeros around an image: `[batch, channel, height + top + bottom, width + left + right]`.
  ///
  /// - Throws: ``TorchError``.
  public func zeroPadded(
    left: Int, right: Int, top: Int, bottom: Int
  ) throws(TorchError) -> Tensor {
    let padding = [left, right, top, bottom].int64s
    return try made { ct_pad(&$0, handle, padding, 4, &$1) }
  }
}
