extension NPYFile {
  /// The sizes of the axes after the first.
  public var itemShape: [Int] { Array(shape.dropFirst()) }

  /// Reads item `index` along the first axis as floats, its axes in another order.
  ///
  /// `axes` lists the axes after the first (counted from 1, as in `shape`) in the order of the
  /// output: `[3, 1, 2]` turns an item `[height, width, channel]` into `[channel, height, width]`.
  public func readItem(
    _ index: Int, axes: [Int], into output: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(
      axes.sorted() == Array(1..<shape.count), "The axes must name each axis after the first once.")
    readItem(
      index, plan: GatherLayout(sizes: axes.map { shape[$0] }, strides: axes.map { strides[$0] }),
      into: output)
  }

  private func readItem(
    _ index: Int, plan: GatherLayout, into output: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(index >= 0 && index < shape[0], "The item does not exist.")
    guard count > 0 else { return }
    let start = index * strides[0] * elementType.byteCount
    plan.gather(UnsafeRawBufferPointer(rebasing: bytes[start...]), elementType, into: output)
  }
}
