public import CytoselfModel

extension Preset {
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
    // Channels, crop size and classes come from the data.
    guard let model = ModelSection(model(classes: 2)) else {
      preconditionFailure("The model of every preset is a whole model that settings describe.")
    }
    var data = DataSection()
    var training = TrainingSection()
    switch self {
    case .standard:
      data.normalize = "crop"
      training.epochs = 0
      training.steps = 1200
      training.schedule = .cosine
      training.rate = 2e-3
      training.weightDecay = 0.05
      training.decaysVectors = false
      training.monitor = .last
      training.stopPatience = 0
      training.clipNorm = 5
      training.average = 0.99
      training.labelSmoothing = 0.1
      training.levelDropout = 0.25
      training.sampling = .balanced
    case .readme:
      training.batchSize = 32
      training.plateauPatience = 3
      training.stopPatience = 6
    case .author:
      training.batchSize = 32
      training.rate = 1e-4
      training.plateauPatience = 8
      training.stopPatience = 16
    case .published:
      training.optimizer = .adam
      training.rate = 1e-4
      training.weightDecay = 0
      training.epsilon = 1e-7
    case .small:
      training.epochs = 30
      training.monitor = .taskLoss
      training.batchSize = 32
    }
    return TrainingConfiguration(preset: rawValue, data: data, model: model, training: training)
  }
}
