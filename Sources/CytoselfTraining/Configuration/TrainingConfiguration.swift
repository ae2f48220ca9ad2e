/// Everything that decides how a run goes: data, model and training.
///
/// A run's resolved configuration is `config.yaml` in its folder. It starts from a preset; a
/// configuration file and then command-line options replace single settings.
public struct TrainingConfiguration: Codable, Equatable, Sendable {
  /// The preset it started from.
  public var preset: String
  /// Which crops, which labels, which split.
  public var data: DataSection
  /// What is trained.
  public var model: ModelSection
  /// How it is trained.
  public var training: TrainingSection

  /// A configuration of its parts.
  public init(
    preset: String, data: DataSection = DataSection(), model: ModelSection,
    training: TrainingSection
  ) {
    self.preset = preset
    self.data = data
    self.model = model
    self.training = training
  }

  /// This configuration with the settings of a YAML text in place of its own.
  ///
  /// - Parameters:
  ///   - yaml: mappings `data`, `model` and `training` with any of their keys.
  ///   - name: what to call the text in messages.
  /// - Throws: ``TrainingError`` naming the key, its line and the nearest known key.
  public func replacing(yaml: String, name: String) throws(TrainingError) -> TrainingConfiguration {
    try StrictYAML(yaml, name: name).over(self, choices: ConfigurationField.choices)
  }

  /// This configuration with one setting replaced, given as `training.lr=1e-4`.
  ///
  /// - Throws: ``TrainingError`` naming the key and the nearest known key.
  public func replacing(assignment: String) throws(TrainingError) -> TrainingConfiguration {
    try StrictYAML(assignment: assignment).over(self, choices: ConfigurationField.choices)
  }

  /// The preset that a configuration text names at its top (`preset: small`), if any.
  ///
  /// - Throws: ``TrainingError/malformedConfiguration(in:line:reason:)``.
  public static func presetName(yaml: String, name: String) throws(TrainingError) -> String? {
    return try StrictYAML(yaml, name: name).value("preset")
  }

  /// Checks the ranges of all settings.
  ///
  /// - Throws: ``TrainingError/invalidValue(key:value:expected:)`` for the first that cannot work.
  public func validate() throws(TrainingError) {
    let data = data
    let training = training
    func require(
      _ holds: Bool, _ key: String, _ value: Any, _ expected: String
    ) throws(TrainingError) {
      guard holds else { throw .invalidValue(key: key, value: "\(value)", expected: expected) }
    }
    let whole = "a whole number of 1 or more"
    let natural = "a whole number of 0 or more"
    let positive = "a number above 0"
    let notNegative = "a number of 0 or more"
    func isFraction(_ value: Double) -> Bool { value >= 0 && value < 1 }

    try require(data.fractions.count == 3, "data.fractions", data.fractions, "three numbers")
    try require(
      data.fractions.allSatisfy { $0 >= 0 && $0.isFinite } && data.fractions[0] > 0,
      "data.fractions", data.fractions, "three numbers of 0 or more, the first above 0")
    try require(data.maximumClasses >= 0, "data.maximum_classes", data.maximumClasses, natural)
    for (channel, factor) in data.intensity {
      try require(
        factor.isFinite && factor != 0, "data.intensity.\(channel)", factor, "a number other than 0"
      )
    }
    try require(training.epochs >= 1, "training.epochs", training.epochs, whole)
    try require(training.batchSize >= 1, "training.batch_size", training.batchSize, whole)
    try require(training.accumulation >= 1, "training.accumulation", training.accumulation, whole)
    try require(
      training.rate > 0 && training.rate.isFinite, "training.lr", training.rate, positive)
    try require(
      training.weightDecay >= 0 && training.weightDecay.isFinite, "training.weight_decay",
      training.weightDecay, notNegative)
    try require(
      training.betas.count == 2 && training.betas.allSatisfy(isFraction), "training.betas",
      training.betas, "two numbers of 0 or more and below 1")
    try require(training.epsilon > 0, "training.epsilon", training.epsilon, positive)
    try require(
      training.plateauPatience >= 1, "training.plateau_patience", training.plateauPatience, whole)
    try require(
      training.plateauFactor > 0 && training.plateauFactor <= 1, "training.plateau_factor",
      training.plateauFactor, "a number above 0, at most 1")
    try require(training.rateFloor >= 0, "training.lr_floor", training.rateFloor, notNegative)
    try require(
      training.stopPatience >= 0, "training.stop_patience", training.stopPatience, natural)
    try require(training.clipNorm >= 0, "training.clip_norm", training.clipNorm, notNegative)
    for (key, value) in [
      ("training.vq_coefficient", training.vqCoefficient),
      ("training.fc_coefficient", training.fcCoefficient),
    ] {
      try require(value >= 0 && value.isFinite, key, value, notNegative)
    }
    try require(
      training.checkpointSteps >= 0, "training.checkpoint_steps", training.checkpointSteps, natural)
    try require(training.threads >= 0, "training.threads", training.threads, natural)
    try require(
      training.loaderThreads >= 1, "training.loader_threads", training.loaderThreads, whole)
    try model.validate()
  }
}
