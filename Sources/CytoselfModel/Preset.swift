/// A model and the settings of its training to start from.
///
/// Here is the model; how it is trained is in `CytoselfTraining`.
public enum Preset: String, CaseIterable, Sendable {
  /// What `train` takes where nothing else is named: features of a few hundred to some hundred thousand
  /// crops, on a laptop's processor or a GPU.
  ///
  /// Encoders of half the width; a classifier that reads the mean and the spread of the maps of all
  /// stages; codes that are running means; a learning rate that rises and falls over at least 1,200
  /// steps; batches balanced over proteins and fields; the running mean of the weights.
  ///
  /// - Command: `cytoself train DATA --out RUN`
  /// - Cost: some ten minutes for a few hundred or thousand cells on two CPU cores.
  /// - Result: the embedding `features`, and at the end of training a line that compares it with
  ///   hand-crafted features on cells of the validation set.
  case standard

  /// The model of upstream's README: 512 codes of width 64 at both levels, one linear classifier on
  /// level 2, AdamW at 1e-3.
  ///
  /// - Command: `cytoself train DATA --out RUN --preset readme`
  /// - Cost: 3 to 10 cells a second on two CPU cores; meant for a GPU, or for small data over night.
  /// - Result: what upstream's README shows, one epoch on nine proteins; train longer for use.
  case readme

  /// What upstream's author advises to reproduce the published map: 2048 codes, nine splits at level
  /// 2, two-layer classifiers on both levels, AdamW at 1e-4, up to 100 epochs.
  ///
  /// - Command: `cytoself train DATA --out RUN --preset author --set training.device=cuda`
  /// - Cost: days on one GPU for all of OpenCell; not for a CPU.
  /// - Result: a reconstruction error near 1e-3 (mean square of pixels in 0...1).
  case author

  /// The published model (Kobayashi et al. 2022) as its Keras code builds and trains it: 2048 codes,
  /// nine splits at level 2, two-layer classifiers on both levels, Adam at 1e-4. 57 million weights
  /// with 1311 proteins, most of them in the classifiers.
  ///
  /// - Command: `cytoself train DATA --out RUN --preset published --set data.channels=[pro,nucdist]
  ///   --set training.device=cuda`
  /// - Cost: days on one GPU for all of OpenCell; some 3 cells a second on two CPU cores.
  /// - Result: the model of the paper, whose released weights have this shape.
  case published

  /// A narrow model trained as the original is: full-size crops, encoders of half the width, narrow
  /// codes and decoders, the classifier on the quantised map.
  ///
  /// - Command: `cytoself train DATA --out RUN --preset small`
  /// - Cost: minutes for some thousand cells on two CPU cores.
  /// - Result: the original's method on a small machine; on few cells ``standard`` learns more.
  case small

  /// The model of the preset.
  public func model(
    classes: Int, imageChannels: Int = 2, imageSize: Int = 100
  ) -> ModelConfiguration {
    let large = [LevelConfiguration(codes: 2048), LevelConfiguration(codes: 2048, splits: 9)]
    let narrow = [
      LevelConfiguration(codes: 128, codeWidth: 16), LevelConfiguration(codes: 128, codeWidth: 32),
    ]
    let (architecture, levels, head): (Architecture, [LevelConfiguration], HeadConfiguration) =
      switch self {
      case .readme:
        (.pytorch, [LevelConfiguration(), LevelConfiguration()], HeadConfiguration(levels: [2]))
      case .author: (.pytorch, large, HeadConfiguration(layers: 2))
      case .published: (.keras, large, HeadConfiguration(layers: 2))
      case .small: (.pytorch, narrow, HeadConfiguration(levels: [2]))
      case .standard:
        (
          .pytorch, narrow,
          HeadConfiguration(levels: [2], input: .features, features: 128, dropout: 0.2)
        )
      }
    var model = ModelConfiguration(
      architecture: architecture, imageChannels: imageChannels, imageSize: imageSize,
      classes: classes, levels: levels, head: head)
    if self == .small {
      model.scale = .half
      model.decoder = DecoderConfiguration(residualUnits: 1, hiddenWidth: 24)
    }
    if self == .standard {
      model.scale = .half
      // Decoding takes as long as encoding at twice this width, and features do not need it.
      model.decoder = DecoderConfiguration(residualUnits: 1, hiddenWidth: 16)
      model.codebookUpdate = .average
      model.commitmentCost = 1
    }
    return model
  }
}
