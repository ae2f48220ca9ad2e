extension ModelLosses {
  /// One loss under its name in files.
  public typealias Named = (name: String, value: Scalar)

  /// Every loss under upstream's name, such as `reconstruction1_loss`.
  ///
  /// One-level models have no numbers in the names (`fc_loss`).
  public var named: [Named] {
    [("loss", total)] + namedClassification + namedReconstruction + namedQuantization
  }

  /// The losses of classifiers under upstream's names.
  public var namedClassification: [Named] {
    classification.map { (numbered("fc", $0.level) + "_loss", $0.value) }
  }

  /// The errors of images and levels under upstream's names.
  public var namedReconstruction: [Named] {
    reconstruction.map { (numbered("reconstruction", $0.level) + "_loss", $0.value) }
  }

  /// The terms of quantisers under upstream's names.
  public var namedQuantization: [Named] {
    quantization.enumerated().flatMap { level, loss -> [Named] in
      // Upstream's one-level models name the terms without a prefix, but for the sum.
      let prefix = levels > 1 ? "vq\(level + 1)_" : ""
      return [
        ((levels > 1 ? prefix : "vq_") + "loss", loss.total),
        (prefix + "commitment_loss", loss.commitment),
        (prefix + "quantization_loss", loss.quantization),
        (prefix + "softmax_loss", loss.softmax),
      ]
    }
  }

  /// A word with the number of a level behind it, where the model has several.
  public func numbered(_ word: String, _ level: Int) -> String {
    levels > 1 ? "\(word)\(level + 1)" : word
  }
}
