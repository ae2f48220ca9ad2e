public import CytoselfModel

extension ModelSection {
  /// The settings that make a model, or nil for one that no variant describes.
  ///
  /// - Parameter model: the model, such as one read from a weight file.
  public init?(_ model: ModelConfiguration) {
    self.init()
    architecture = model.architecture
    switch (model.levels.count, model.isQuantized, model.head != nil, model.hasLevelDecoders) {
    case (1, true, true, _): variant = .vqvaeFC
    case (1, true, false, _): variant = .vqvae
    case (1, false, false, _): variant = .autoencoder
    case (2..., true, true, true): variant = .full
    case (2..., true, true, false): variant = .lite
    case (2..., true, false, true): variant = .noPretext
    default: return nil
    }
    if model.hasCodeConvolutions {
      guard variant == .full, architecture == .keras,
        model.levels.allSatisfy({ $0.splits == 1 })
      else { return nil }
      variant = .noSplit
    }
    levels = model.levels.map { level in
      Level(
        codes: level.codes, codeWidth: level.codeWidth, splits: level.splits,
        stages: (level.stages ?? []).map {
          [$0.expansion, $0.kernel, $0.stride, $0.inputs, $0.outputs, $0.blocks]
        })
    }
    if let head = model.head {
      self.head.levels = head.levels ?? []
      self.head.input = head.input
      self.head.layers = head.layers
      self.head.features = head.features
      self.head.dropout = head.dropout
    }
    scale = model.scale
    decoder.residualUnits = model.decoder.residualUnits
    decoder.hiddenWidth = model.decoder.hiddenWidth ?? 0
    decoder.minimumWidth = model.decoder.minimumWidth ?? 0
    commitment = model.commitmentCost
    softmax = model.softmaxCost
    codebook = model.codebookUpdate
  }
}
