/// One setting of a section: where it is kept, what it may be and what it means.
public struct SettingField<Section: Sendable>: Sendable {
  let key: String
  /// The settings it describes, with paths below the section: one, or those of a group.
  let settings: [Setting]
  let violation: @Sendable (Section) -> (key: String, value: String, expected: String)?
  let encode: @Sendable (Section, inout KeyedEncodingContainer<SettingKey>) throws -> Void
  let decode: @Sendable (inout Section, KeyedDecodingContainer<SettingKey>) throws -> Void

  private init<Value: Codable & Sendable>(
    _ key: String, _ property: any WritableKeyPath<Section, Value> & Sendable,
    settings: [Setting],
    violation: @escaping @Sendable (Value) -> (key: String, value: String, expected: String)?
  ) {
    self.key = key
    self.settings = settings
    self.violation = { violation($0[keyPath: property]) }
    encode = { section, container in
      try container.encode(section[keyPath: property], forKey: SettingKey(key))
    }
    decode = { section, container in
      section[keyPath: property] = try container.decode(Value.self, forKey: SettingKey(key))
    }
  }

  /// A setting of any type.
  ///
  /// - Parameters:
  ///   - key: its name in files.
  ///   - property: where it is kept; the value there in a new section is the default.
  ///   - range: the values it may have.
  ///   - choices: the words it may be, for text.
  ///   - option: the command-line option that sets it, without dashes.
  ///   - help: meaning and effect, in a sentence or two.
  public init<Value: Codable & Sendable>(
    _ key: String, _ property: any WritableKeyPath<Section, Value> & Sendable,
    range: SettingRange<Value> = .any, choices: [String] = [], option: String? = nil,
    _ help: String
  ) {
    self.init(
      key, property,
      settings: [Setting(path: key, help: help, choices: choices, option: option)],
      violation: { value in
        range.violation(value).map { (key + $0.part, $0.value, $0.expected) }
      })
  }

  /// A setting that is one of several words.
  public init<Value: Codable & Sendable & CaseIterable & RawRepresentable<String>>(
    _ key: String, oneOf property: any WritableKeyPath<Section, Value> & Sendable,
    option: String? = nil, _ help: String
  ) {
    self.init(
      key, property, choices: Value.allCases.map(\.rawValue), option: option, help)
  }

  /// A group of settings within the section.
  public init<Group: SettingSection>(
    _ key: String, group property: any WritableKeyPath<Section, Group> & Sendable
  ) {
    self.init(
      key, property, settings: Group.settings(under: key),
      violation: { group in
        group.violation.map { (key + "." + $0.key, $0.value, $0.expected) }
      })
  }
}

/// The key of a setting in files.
public struct SettingKey: CodingKey {
  /// The key.
  public let stringValue: String
  /// Settings have names, not numbers.
  public var intValue: Int? { nil }

  init(_ key: String) { stringValue = key }

  /// A key of a name.
  public init?(stringValue: String) { self.stringValue = stringValue }

  /// Settings have names, not numbers.
  public init?(intValue: Int) { nil }
}
