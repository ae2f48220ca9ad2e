import CTorch

extension Tensor {
  /// The only number of a tensor with one element.
  ///
  /// - Throws: ``TorchError`` when there are more.
  public func item() throws(TorchError) -> Double {
    var value = 0.0
    try checked { ct_item(handle, &value, &$0) }
    return value
  }

  /// The numbers as host float32, in C order.
  ///
  /// - Throws: ``TorchError``.
  public func floats() throws(TorchError) -> [Float] {
    try hostArray(as: .float32, zero: 0)
  }

  /// The numbers as host int64, in C order.
  ///
  /// - Throws: ``TorchError``.
  public func int64s() throws(TorchError) -> [Int64] {
    try hostArray(as: .int64, zero: 0)
  }

  private func hostArray<Element>(
    as type: TensorElementType, zero: Element
  ) throws(TorchError) -> [Element] {
    var values = [Element](repeating: zero, count: count)
    let converted = try to(.cpu, elementType: type)
    try checked { message in
      values.withUnsafeMutableBytes {
        ct_copy_bytes(converted.handle, $0.baseAddress, Int64($0.count), &message)
      }
    }
    return values
  }

  /// Copies the elements, in C order and in this tensor's own type, to host memory.
  ///
  /// - Parameter bytes: Exactly `count * elementType.byteCount` bytes.
  /// - Throws: ``TorchError``.
  public func copyBytes(to bytes: UnsafeMutableRawBufferPointer) throws(TorchError) {
    try checked { ct_copy_bytes(handle, bytes.baseAddress, Int64(bytes.count), &$0) }
  }

  /// The elements' own bytes, in C order.
  ///
  /// - Throws: ``TorchError``.
  public func bytes() throws(TorchError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count * elementType.byteCount)
    try checked { message in
      bytes.withUnsafeMutableBytes {
        ct_copy_bytes(handle, $0.baseAddress, Int64($0.count), &message)
      }
    }
    return bytes
  }
}
