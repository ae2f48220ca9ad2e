import CTorch

extension Tensor {
  private func binary(_ operation: Int, _ other: Tensor) throws(TorchError) -> Tensor {
    try made { ct_binary(&$0, Int32(operation), handle, other.handle, &$1) }
  }

  private func binary(_ operation: Int, _ other: Double) throws(TorchError) -> Tensor {
    try made { ct_binary_scalar(&$0, Int32(operation), handle, other, &$1) }
  }

  private func unary(_ operation: Int) throws(TorchError) -> Tensor {
    try made { ct_unary(&$0, Int32(operation), handle, &$1) }
  }

  /// The sum, element by element, with broadcasting.
  public static func + (a: Tensor, b: Tensor) throws(TorchError) -> Tensor {
    try a.binary(Int(CT_ADD), b)
  }

  /// The sum with a number.
  public static func + (a: Tensor, b: Double) throws(TorchError) -> Tensor {
    try a.binary(Int(CT_ADD), b)
  }

  /// The difference, element by element, with broadcasting.
  public static func - (a: Tensor, b: Tensor) throws(TorchError) -> Tensor {
    try a.binary(Int(CT_SUBTRACT), b)
  }

  /// The difference with a number.
  public static func - (a: Tensor, b: Double) throws(TorchError) -> Tensor {
    try a.binary(Int(CT_SUBTRACT), b)
  }

  /// The product, element by element, with broadcasting.
  public static func * (a: Tensor, b: Tensor) throws(TorchError) -> Tensor {
    try a.binary(Int(CT_MULTIPLY), b)
  }

  /// The product with a number.
  public static func * (a: Tensor, b: Double) throws(TorchError) -> Tensor {
    try a.binary(Int(CT_MULTIPLY), b)
  }

  /// The quotient, element by element, with broadcasting.
  public static func / (a: Tensor, b: Tensor) throws(TorchError) -> Tensor {
    try a.binary(Int(CT_DIVIDE), b)
  }

  /// The quotient with a number.
  public static func / (a: Tensor, b: Double) throws(TorchError) -> Tensor {
    try a.binary(Int(CT_DIVIDE), b)
  }

  /// Where the elements of both are equal, as bool.
  public func isEqual(to other: Tensor) throws(TorchError) -> Tensor {
    try binary(Int(CT_EQUAL), other)
  }

  /// The elements, but never less than a number.
  public func atLeast(_ limit: Double) throws(TorchError) -> Tensor {
    try binary(Int(CT_MAXIMUM), limit)
  }

  /// The negative.
  public func negated() throws(TorchError) -> Tensor { try unary(Int(CT_NEGATIVE)) }

  /// The exponential.
  public func exponential() throws(TorchError) -> Tensor { try unary(Int(CT_EXP)) }

  /// The natural logarithm.
  public func logarithm() throws(TorchError) -> Tensor { try unary(Int(CT_LOG)) }

  /// The square root.
  public func squareRoot() throws(TorchError) -> Tensor { try unary(Int(CT_SQRT)) }

  /// The square.
  public func squared() throws(TorchError) -> Tensor { try unary(Int(CT_SQUARE)) }

  /// The magnitude.
  public func magnitude() throws(TorchError) -> Tensor { try unary(Int(CT_ABS)) }

  /// The logistic function.
  public func sigmoid() throws(TorchError) -> Tensor { try unary(Int(CT_SIGMOID)) }

  /// `x * sigmoid(x)`, also called swish.
  public func silu() throws(TorchError) -> Tensor { try unary(Int(CT_SILU)) }

  /// The positive part.
  public func relu() throws(TorchError) -> Tensor { try unary(Int(CT_RELU)) }

  /// Where the elements are neither infinite nor NaN, as bool.
  public func isFinite() throws(TorchError) -> Tensor { try unary(Int(CT_IS_FINITE)) }

  /// Adds a multiple of another tensor in place.
  ///
  /// - Throws: ``TorchError`` when the shapes do not broadcast.
  public func add(_ other: Tensor, scaledBy factor: Double = 1) throws(TorchError) {
    try checked { ct_add_(handle, other.handle, factor, &$0) }
  }

  /// Multiplies by a number in place.
  ///
  /// - Throws: ``TorchError``.
  public func scale(by factor: Double) throws(TorchError) {
    try checked { ct_scale_(handle, factor, &$0) }
  }

  /// Whether every pair of elements differs by at most `absolute + relative * |other|`.
  ///
  /// - Throws: ``TorchError`` when the shapes differ.
  public func isClose(
    to other: Tensor, relative: Double = 1e-5, absolute: Double = 1e-8
  ) throws(TorchError) -> Bool {
    var result: Int32 = 0
    try checked { ct_all_close(&result, handle, other.handle, relative, absolute, &$0) }
    return result != 0
  }
}
