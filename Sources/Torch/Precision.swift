import CTorch

/// The number format of convolutions and matrix products.
public enum Precision: String, Codable, CaseIterable, Sendable {
  /// 24 bits of mantissa.
  case float32
  /// 8 bits of mantissa and the range of float32: products are rounded to it and summed in float32.
  ///
  /// Weights and their gradients stay float32.
  case bfloat16

  /// Runs `body` with this precision on a device.
  ///
  /// The setting belongs to the thread, so the closure is synchronous: it cannot move to another.
  /// Results may be tensors of this type; gradients are taken outside.
  public func run<Result, Failure: Error>(
    on device: Device, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let before = ct_set_autocast(device.kind, self == .float32 ? 0 : 1)
    defer { _ = ct_set_autocast(device.kind, before) }
    return try body()
  }

  /// Whether a device computes this faster than float32.
  ///
  /// No processor does: float32 runs through this project's own kernels, and even where units for
  /// bfloat16 matrices exist (Intel's AMX) a training step took 1.1 to 1.3 times as long with them.
  public func isFast(on device: Device) -> Bool {
    self == .float32 || device != .cpu
  }
}
