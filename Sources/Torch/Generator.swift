import CTorch

/// A seeded source of random numbers whose whole state can be saved and restored.
///
/// The numbers are those of libtorch's CPU generator (MT19937), as `torch.Generator` gives them.
public final class Generator {
  private let handle: Handle
  private let fills: Bool

  /// A generator that starts from a seed.
  ///
  /// - Parameters:
  ///   - seed: the same seed gives the same numbers.
  ///   - fills: false leaves the tensors that it is given to fill as they are. A network whose weights
  ///     are read next needs no random ones, and drawing millions takes longer than reading them.
  /// - Throws: ``TorchError``.
  public init(seed: UInt64, fills: Bool = true) throws(TorchError) {
    self.fills = fills
    var result: Handle?
    try checked { ct_generator_new(&result, seed, &$0) }
    guard let result else { throw .backend(message: "no generator came back") }
    handle = result
  }

  deinit {
    ct_generator_release(handle)
  }

  /// The whole state; a generator given it continues the same sequence.
  ///
  /// - Throws: ``TorchError``.
  public func state() throws(TorchError) -> [UInt8] {
    let tensor = try made { ct_generator_state(&$0, handle, &$1) }
    return try tensor.bytes()
  }

  /// Continues from a state that ``state()`` gave.
  ///
  /// - Throws: ``TorchError`` when the bytes are not such a state.
  public func restore(_ state: [UInt8]) throws(TorchError) {
    let tensor = try made { out, message in
      state.withUnsafeBytes {
        ct_from_bytes(
          &out, $0.baseAddress, [Int64(state.count)], 1, TensorElementType.uint8.rawValue,
          &message)
      }
    }
    try checked { ct_generator_set_state(handle, tensor.handle, &$0) }
  }

  /// Overwrites a tensor with numbers uniform between two limits.
  ///
  /// - Throws: ``TorchError``.
  public func fillUniform(
    _ tensor: Tensor, from low: Double, to high: Double
  ) throws(TorchError) {
    guard fills else { return }
    try withoutGradients { () throws(TorchError) in
      try checked { ct_uniform_(tensor.handle, low, high, handle, &$0) }
    }
  }

  /// Overwrites a tensor with normally distributed numbers.
  ///
  /// - Throws: ``TorchError``.
  public func fillNormal(
    _ tensor: Tensor, mean: Double = 0, standardDeviation: Double
  ) throws(TorchError) {
    guard fills else { return }
    try withoutGradients { () throws(TorchError) in
      try checked { ct_normal_(tensor.handle, mean, standardDeviation, handle, &$0) }
    }
  }

  /// Overwrites a tensor with ones, each with a probability, and zeros.
  ///
  /// - Throws: ``TorchError``.
  public func fillBernoulli(_ tensor: Tensor, probability: Double) throws(TorchError) {
    guard fills else { return }
    try withoutGradients { () throws(TorchError) in
      try checked { ct_bernoulli_(tensor.handle, probability, handle, &$0) }
    }
  }

  /// The int64 numbers 0 ..< `count` in random order.
  ///
  /// - Throws: ``TorchError``.
  public func permutation(_ count: Int) throws(TorchError) -> Tensor {
    try made { ct_permutation(&$0, Int64(count), handle, &$1) }
  }
}
