/// The terms of a quantiser's loss.
///
/// `Scalar` is a tensor of one number in a training step, and a number in a record.
public struct QuantizationLoss<Scalar> {
  /// What is minimised.
  public var total: Scalar
  /// How far the encoder is from the codes; moves the encoder.
  public var commitment: Scalar
  /// The same distance; moves the codes.
  public var quantization: Scalar
  /// Cross-entropy between `softmax(-distance)` and the nearest code.
  public var softmax: Scalar

  /// A loss of its terms.
  public init(total: Scalar, commitment: Scalar, quantization: Scalar, softmax: Scalar) {
    self.total = total
    self.commitment = commitment
    self.quantization = quantization
    self.softmax = softmax
  }

  /// The same terms with every scalar replaced.
  ///
  /// - Throws: what `transform` throws.
  public func map<Other>(_ transform: (Scalar) throws -> Other) rethrows -> QuantizationLoss<Other>
  {
    QuantizationLoss<Other>(
      total: try transform(total), commitment: try transform(commitment),
      quantization: try transform(quantization), softmax: try transform(softmax))
  }

  /// These terms combined with others, scalar by scalar.
  public func combined(
    with other: QuantizationLoss, _ combine: (Scalar, Scalar) -> Scalar
  ) -> QuantizationLoss {
    QuantizationLoss(
      total: combine(total, other.total), commitment: combine(commitment, other.commitment),
      quantization: combine(quantization, other.quantization),
      softmax: combine(softmax, other.softmax))
  }
}

extension QuantizationLoss: Sendable where Scalar: Sendable {}
extension QuantizationLoss: Equatable where Scalar: Equatable {}
extension QuantizationLoss: Codable where Scalar: Codable {}
