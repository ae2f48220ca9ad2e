import CytoselfModel

/// The description of one setting that options, YAML, validation and documentation are made from.
///
/// A setting is described once, in the `fields` of its section; its type and its default are those of the
/// property there.
public struct Setting: Sendable {
  /// The path of keys, such as `training.lr`.
  public let path: String
  /// Meaning and effect, in a sentence or two.
  public let help: String
  /// The words it takes; empty for any value of its type.
  public let choices: [String]
  /// The command-line option that sets it, without dashes; nil where only `--set` does.
  public let option: String?

  /// The setting of a path.
  public static func named(_ path: String) -> Setting? { byPath[path] }

  /// Every setting, in the order of the file.
  public static let all =
    [
      Setting(
        path: "preset", help: "The preset these settings started from.", choices: [],
        option: "preset")
    ] + DataSection.settings(under: "data") + ModelSection.settings(under: "model")
    + TrainingSection.settings(under: "training")

  static let choices = Dictionary(
    uniqueKeysWithValues: all.filter { !$0.choices.isEmpty }.map { ($0.path, $0.choices) })

  private static let byPath = Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0) })

  /// Checks a number that a command takes under an option of its own against the range of a setting.
  ///
  /// - Parameters:
  ///   - value: the number.
  ///   - path: the setting, such as `training.batch_size`.
  ///   - option: what to call it in the message, such as `--batch-size`.
  /// - Throws: ``TrainingError/invalidValue(key:value:expected:)``.
  public static func require(
    _ value: Int, fits path: String, option: String
  ) throws(TrainingError) {
    // Any complete configuration will do: only this setting of it is looked at.
    let base = Preset.standard.configuration
    let changed = try base.replacing(path, with: "\(value)", option: option)
    try changed.validate(naming: [path: option])
  }
}
