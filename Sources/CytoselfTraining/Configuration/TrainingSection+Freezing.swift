import CytoselfModel

extension TrainingSection {
  /// The parts that ``freeze`` names.
  ///
  /// - Throws: ``TrainingError/invalidValue(key:value:expected:)`` for a word that names no part of
  ///   the model, or when nothing is left to train.
  func frozenParts(of model: ModelConfiguration) throws(TrainingError) -> Set<ModelPart> {
    var parts: Set<ModelPart> = []
    for word in freeze {
      do {
        parts.formUnion(try model.parts(named: word))
      } catch {
        throw .invalidValue(
          key: "training.freeze", value: "'\(word)'",
          expected: "parts of this model: "
            + model.parts.map { "\($0.kind.rawValue)\($0.level + 1)" }.joined(separator: ", "))
      }
    }
    let counted = model.parts.filter { $0.kind != .head || model.headLevels.contains($0.level) }
    guard counted.contains(where: { !parts.contains($0) }) else {
      throw .invalidValue(
        key: "training.freeze", value: "\(freeze)",
        expected: "fewer parts; nothing is left to train"
      )
    }
    return parts
  }
}
