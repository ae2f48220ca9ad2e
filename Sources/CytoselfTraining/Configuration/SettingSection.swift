/// A group of settings that is described by its fields.
///
/// To add a setting, add a property with its default and a field that describes it; reading, writing,
/// validation, `--set`, the comments of `config.yaml` and the help of an option follow.
public protocol SettingSection: Codable, Equatable, Sendable {
  /// The defaults.
  init()
  /// The settings, in the order of the file.
  static var fields: [SettingField<Self>] { get }
}

extension SettingSection {
  /// Reads every setting.
  ///
  /// - Throws: `DecodingError` for one that is missing or of another type.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: SettingKey.self)
    for field in Self.fields { try field.decode(&self, container) }
  }

  /// Writes every setting under its key.
  ///
  /// - Throws: what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: SettingKey.self)
    for field in Self.fields { try field.encode(self, &container) }
  }

  /// The first setting whose value cannot work, with its key below the section.
  var violation: (key: String, value: String, expected: String)? {
    for field in Self.fields {
      if let found = field.violation(self) { return found }
    }
    return nil
  }

  /// The settings with their whole paths.
  static func settings(under path: String) -> [Setting] {
    fields.flatMap(\.settings).map {
      Setting(
        path: path + "." + $0.path, help: $0.help, choices: $0.choices, option: $0.option)
    }
  }
}
