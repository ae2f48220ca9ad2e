/// Counts the multiply-adds of convolutions as a forward pass runs.
///
/// What is counted is the direct algorithm, `outputs * kernel area * inputs / groups`, whatever the
/// library really does, so that rates of different implementations can be compared.
public final class WorkCounter {
  /// The multiply-adds so far.
  public private(set) var multiplyAdds = 0.0

  /// A counter at zero.
  public init() {}

  func add(outputElements: Int, perOutput: Int) {
    multiplyAdds += Double(outputElements) * Double(perOutput)
  }
}
