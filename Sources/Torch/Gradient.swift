import CTorch

extension Tensor {
  /// Whether operations on this tensor are recorded for ``backward()``.
  public var requiresGradient: Bool { ct_requires_gradient(handle) != 0 }

  /// Turns the recording of operations on this leaf on or off.
  ///
  /// - Throws: ``TorchError`` for a tensor that is itself the result of a recorded operation.
  public func setRequiresGradient(_ flag: Bool) throws(TorchError) {
    try checked { ct_set_requires_gradient(handle, flag ? 1 : 0, &$0) }
  }

  /// The same numbers, cut off from what made them.
  ///
  /// - Throws: ``TorchError``.
  public func detached() throws(TorchError) -> Tensor {
    try made { ct_detach(&$0, handle, &$1) }
  }

  /// Adds the derivative of this scalar to the gradient of every leaf it depends on.
  ///
  /// - Throws: ``TorchError`` when this is no scalar or nothing was recorded.
  public func backward() throws(TorchError) {
    try checked { ct_backward(handle, &$0) }
  }

  /// The gradient gathered so far, or nil; a reference, not a copy.
  ///
  /// - Throws: ``TorchError``.
  public func gradient() throws(TorchError) -> Tensor? {
    var result: Handle?
    try checked { ct_gradient(&result, handle, &$0) }
    return result.map(Tensor.init(owning:))
  }

  /// Replaces the gradient; nil forgets it.
  ///
  /// - Throws: ``TorchError``.
  public func setGradient(_ gradient: Tensor?) throws(TorchError) {
    try checked { ct_set_gradient(handle, gradient?.handle, &$0) }
  }

  /// The euclidean norm of several gradients as if they were one vector.
  ///
  /// - Throws: ``TorchError``.
  public static func norm(of gradients: [Tensor]) throws(TorchError) -> Double {
    var norm = 0.0
    try checked { message in
      withHandles(gradients) { ct_gradient_norm(&norm, $0, Int32(gradients.count), &message) }
    }
    return norm
  }
}

/// Runs `body` without recording operations for differentiation.
///
/// The grad mode belongs to the thread, so the closure is synchronous: it cannot move to another.
public func withoutGradients<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  let before = ct_set_gradients_enabled(0)
  defer { _ = ct_set_gradients_enabled(before) }
  return try body()
}
