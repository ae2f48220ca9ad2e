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
    try StrictYAML(yaml, name: name).over(self, choices: Setting.choices)
  }

  /// This configuration with one setting replaced, given as `training.lr=1e-4`.
  ///
  /// - Throws: ``TrainingError`` naming the key and the nearest known key.
  public func replacing(assignment: String) throws(TrainingError) -> TrainingConfiguration {
    try StrictYAML(assignment: assignment).over(self, choices: Setting.choices)
  }

  /// The preset that a configuration text names at its top (`preset: small`), if any.
  ///
  /// - Throws: ``TrainingError/malformedConfiguration(in:line:reason:)``.
  public static func presetName(yaml: String, name: String) throws(TrainingError) -> String? {
    return try StrictYAML(yaml, name: name).value("preset")
  }

  /// This configuration with one setting replaced by the value of a command-line option.
  ///
  /// - Parameters:
  ///   - path: the setting, such as `training.lr`.
  ///   - text: the value as given; the elements of a list are separated by commas.
  ///   - option: what to call it in messages, such as `--lr`.
  /// - Throws: ``TrainingError/mistypedValue(key:in:line:expected:found:)``.
  public func replacing(
    _ path: String, with text: String, option: String
  ) throws(TrainingError) -> TrainingConfiguration {
    try StrictYAML(option: option, path: path, text: text, over: self)
      .over(self, choices: Setting.choices)
  }

  /// Checks the ranges of all settings.
  ///
  /// - Parameter names: what to call settings in messages, where it is not their path.
  /// - Throws: ``TrainingError/invalidValue(key:value:expected:)`` for the first that cannot work.
  public func validate(naming names: [String: String] = [:]) throws(TrainingError) {
    for (section, violation) in [
      ("data", data.violation), ("training", training.violation), ("model", model.violation),
    ] {
      guard let violation else { continue }
      let path = section + "." + violation.key
      throw .invalidValue(
        key: names[path] ?? path, value: violation.value, expected: violation.expected)
    }
  }
}
