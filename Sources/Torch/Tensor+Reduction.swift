import CTorch

extension Tensor {
  private func reduce(
    _ operation: Int, _ axes: [Int], keep: Bool
  ) throws(TorchError) -> Tensor {
    let list = (axes.isEmpty ? Array(0..<rank) : axes).int64s
    return try made {
      ct_reduce(&$0, Int32(operation), handle, list, Int32(list.count), keep ? 1 : 0, &$1)
    }
  }

  /// The sum over some axes, or over all when none is named.
  ///
  /// - Throws: ``TorchError`` when an axis does not exist.
  public func sum(_ axes: Int..., keepingAxes keep: Bool = false) throws(TorchError) -> Tensor {
    try reduce(Int(CT_SUM), axes, keep: keep)
  }

  /// The mean over some axes, or over all when none is named.
  ///
  /// - Throws: ``TorchError`` when an axis does not exist.
  public func mean(_ axes: Int..., keepingAxes keep: Bool = false) throws(TorchError) -> Tensor {
    try reduce(Int(CT_MEAN), axes, keep: keep)
  }

  /// The largest element over some axes, or over all when none is named.
  ///
  /// - Throws: ``TorchError`` when an axis does not exist.
  public func maximum(_ axes: Int..., keepingAxes keep: Bool = false) throws(TorchError) -> Tensor {
    try reduce(Int(CT_MAX), axes, keep: keep)
  }

  /// The smallest element over some axes, or over all when none is named.
  ///
  /// - Throws: ``TorchError`` when an axis does not exist.
  public func minimum(_ axes: Int..., keepingAxes keep: Bool = false) throws(TorchError) -> Tensor {
    try reduce(Int(CT_MIN), axes, keep: keep)
  }

  /// `log(sum(exp(x)))` over some axes, without overflow.
  ///
  /// - Throws: ``TorchError`` when an axis does not exist.
  public func logSumExp(_ axes: Int..., keepingAxes keep: Bool = false) throws(TorchError)
    -> Tensor
  {
    try reduce(Int(CT_LOG_SUM_EXP), axes, keep: keep)
  }

  /// The position of the smallest element along an axis; the first of equals.
  ///
  /// - Throws: ``TorchError`` when the axis does not exist.
  public func argmin(_ axis: Int) throws(TorchError) -> Tensor {
    try made { ct_argmin(&$0, handle, Int64(axis), &$1) }
  }

  /// The matrix product `[n, k] x [k, m] -> [n, m]`.
  ///
  /// - Throws: ``TorchError`` when the inner sizes differ.
  public func matrixProduct(_ other: Tensor) throws(TorchError) -> Tensor {
    try made { ct_matmul(&$0, handle, other.handle, &$1) }
  }

  /// How often each of the numbers 0 ..< `bins` occurs in a flat int64 tensor.
  ///
  /// - Throws: ``TorchError`` for negative numbers.
  public func counts(bins: Int) throws(TorchError) -> Tensor {
    try made { ct_bincount(&$0, handle, Int64(bins), &$1) }
  }

  /// The sums of the rows that share a number.
  ///
  /// - Parameters:
  ///   - bins: the number of each row, int64 `[n]`; this tensor is `[n, width]`.
  ///   - count: the numbers are 0 ..< `count`.
  /// - Returns: `[count, width]`, zeros for numbers that do not occur.
  /// - Throws: ``TorchError`` for a number outside.
  public func rowSums(bins: Tensor, count: Int) throws(TorchError) -> Tensor {
    try made { ct_sum_rows(&$0, handle, bins.handle, Int64(count), &$1) }
  }
}
