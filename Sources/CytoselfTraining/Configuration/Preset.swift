import CytoselfModel

/// A configuration to start from.
public enum Preset: String, CaseIterable, Sendable {
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

  /// A narrow model for a laptop's processor: full-size crops, encoders of half the width, narrow
  /// codes and decoders.
  ///
  /// - Command: `cytoself train DATA --out RUN --preset small`
  /// - Cost: minutes for some thousand cells on two CPU cores.
  /// - Result: reconstructions that resemble the cells and embeddings that tell localization
  ///   patterns apart; `cytoself demo` runs it and reports the numbers.
  case small

  /// The preset of a name.
  ///
  /// - Throws: ``TrainingError/unknownPreset(_:known:)``.
  public static func named(_ name: String) throws(TrainingError) -> Preset {
    guard let preset = Preset(rawValue: name) else {
      throw .unknownPreset(name, known: allCases.map(\.rawValue))
    }
    return preset
  }

  /// The configuration of the preset, with no data yet.
  public var configuration: TrainingConfiguration {
    var model = ModelSection()
    var training = TrainingSection()
    switch self {
    case .readme:
      training.batchSize = 32
      training.plateauPatience = 3
      training.stopPatience = 6
    case .author:
      model.levels = [.init(codes: 2048), .init(codes: 2048, splits: 9)]
      model.head.levels = []
      model.head.layers = 2
      training.batchSize = 32
      training.rate = 1e-4
      training.plateauPatience = 8
      training.stopPatience = 16
    case .published:
      model.architecture = .keras
      model.levels = [.init(codes: 2048), .init(codes: 2048, splits: 9)]
      model.head.levels = []
      model.head.layers = 2
      training.optimizer = .adam
      training.rate = 1e-4
      training.weightDecay = 0
      training.epsilon = 1e-7
    case .small:
      model.levels = [.init(codes: 128, codeWidth: 16), .init(codes: 128, codeWidth: 32)]
      model.scale = .half
      model.decoder.residualUnits = 1
      model.decoder.hiddenWidth = 24
      training.epochs = 30
      training.monitor = .taskLoss
      training.batchSize = 32
    }
    return TrainingConfiguration(preset: rawValue, model: model, training: training)
  }
}
