import CTorch

extension Tensor {
  /// Copies host numbers into a new float32 tensor on the processor.
  ///
  /// - Throws: ``TorchError`` when memory is short.
  public convenience init(_ values: [Float], shape: [Int]) throws(TorchError) {
    try self.init(copying: values, shape: shape, elementType: .float32)
  }

  /// Copies host numbers into a new int64 tensor on the processor, as class numbers need.
  ///
  /// - Throws: ``TorchError`` when memory is short.
  public convenience init(integers values: [Int64], shape: [Int]) throws(TorchError) {
    try self.init(copying: values, shape: shape, elementType: .int64)
  }

  private convenience init<Element>(
    copying values: [Element], shape: [Int], elementType: TensorElementType
  ) throws(TorchError) {
    precondition(
      shape.reduce(1, *) == values.count,
      "A tensor of shape \(shape) cannot be made of \(values.count) values.")
    var handle: Handle?
    try checked { message in
      values.withUnsafeBytes {
        ct_from_bytes(
          &handle, $0.baseAddress, shape.int64s, Int32(shape.count), elementType.rawValue, &message)
      }
    }
    guard let handle else { throw .backend(message: "no tensor came back") }
    self.init(owning: handle)
  }

  /// Copies raw little-endian bytes into a new tensor on the processor.
  ///
  /// - Parameters:
  ///   - bytes: Exactly as many as the shape and the type need, in C order.
  ///   - shape: The size of every axis.
  ///   - elementType: How to read the bytes.
  /// - Throws: ``TorchError`` when memory is short.
  public static func fromBytes(
    _ bytes: UnsafeRawBufferPointer, shape: [Int], elementType: TensorElementType
  ) throws(TorchError) -> Tensor {
    precondition(
      bytes.count == shape.reduce(1, *) * elementType.byteCount,
      "\(bytes.count) bytes do not make a tensor of shape \(shape) and type \(elementType).")
    return try made {
      ct_from_bytes(
        &$0, bytes.baseAddress, shape.int64s, Int32(shape.count), elementType.rawValue, &$1)
    }
  }

  /// A tensor with one value everywhere.
  ///
  /// - Throws: ``TorchError`` when memory is short.
  public static func filled(
    with value: Double, shape: [Int], elementType: TensorElementType = .float32,
    device: Device = .cpu
  ) throws(TorchError) -> Tensor {
    try made {
      ct_full(
        &$0, value, shape.int64s, Int32(shape.count), elementType.rawValue, device.kind,
        device.index, &$1)
    }
  }

  /// The int64 numbers 0 ..< `count`.
  ///
  /// - Throws: ``TorchError`` when memory is short.
  public static func range(_ count: Int, device: Device = .cpu) throws(TorchError) -> Tensor {
    try made { ct_arange(&$0, Int64(count), device.kind, device.index, &$1) }
  }

  /// This tensor's numbers on a device and in a type; itself when both already hold.
  ///
  /// - Throws: ``TorchError``.
  public func to(
    _ device: Device? = nil, elementType: TensorElementType? = nil
  ) throws(TorchError) -> Tensor {
    let target = device ?? self.device
    let type = elementType ?? self.elementType
    return try made {
      ct_to(&$0, handle, type.rawValue, target.kind, target.index, &$1)
    }
  }

  /// A copy with storage of its own.
  ///
  /// - Throws: ``TorchError`` when memory is short.
  public func clone() throws(TorchError) -> Tensor {
    try made { ct_clone(&$0, handle, &$1) }
  }

  /// Overwrites the numbers with those of a tensor of the same shape.
  ///
  /// - Throws: ``TorchError`` when the shapes differ.
  public func copy(from source: Tensor) throws(TorchError) {
    try checked { ct_copy_(handle, source.handle, &$0) }
  }

  /// Moves the storage to a device; every holder of this tensor sees it there.
  ///
  /// - Throws: ``TorchError``.
  public func move(to device: Device) throws(TorchError) {
    guard device != self.device else { return }
    let moved = try withoutGradients { () throws(TorchError) in try to(device) }
    try checked { ct_set_data(handle, moved.handle, &$0) }
  }

  /// Overwrites every number with one value.
  ///
  /// - Throws: ``TorchError``.
  public func fill(with value: Double) throws(TorchError) {
    try checked { ct_fill_(handle, value, &$0) }
  }
}
