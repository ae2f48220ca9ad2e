public import Torch
import TorchNN

extension CytoselfModel {
  /// Keeps parts as they are while the rest is trained.
  ///
  /// Their weights take no gradient, and they run as in evaluation, with nothing dropped and with
  /// the running statistics of their batch normalisations, which therefore keep their bytes too.
  /// Gradients pass through them to what comes before.
  ///
  /// - Parameter parts: Parts of ``ModelConfiguration/parts``.
  /// - Throws: `TorchError`.
  public func freeze(_ parts: Set<ModelPart>) throws(TorchError) {
    frozenParts.formUnion(parts)
    for (name, state) in namedTensors() where state.isParameter && isFrozen(name) {
      try state.tensor.setRequiresGradient(false)
    }
  }

  /// Whether a tensor belongs to a part that is kept.
  private func isFrozen(_ name: String) -> Bool {
    frozenParts.contains { configuration.paths(of: $0).contains(where: name.hasPrefix) }
  }

  /// Every tensor that training changes by its gradient, with its name.
  public var trainableParameters: [(name: String, tensor: Tensor)] {
    namedParameters.filter { !isFrozen($0.name) }
  }

  /// The context for a part: evaluation where it is kept as it is.
  func context(
    _ kind: ModelPart.Kind, _ level: Int, _ context: ForwardContext
  ) -> ForwardContext {
    frozenParts.contains(ModelPart(kind, level: level)) ? context.evaluating : context
  }
}
