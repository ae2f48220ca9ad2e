/// The values that a setting can have, beyond their type.
public struct SettingRange<Value>: Sendable {
  /// Why a value is outside, with the part of it that is.
  struct Violation: Sendable {
    /// The part behind the setting's path, such as `.nuc` or `[0].stages`; empty for the whole.
    var part = ""
    /// The value of the part.
    var value: String
    /// What it should be, in words.
    var expected: String
  }

  let violation: @Sendable (Value) -> Violation?

  init(violation: @escaping @Sendable (Value) -> Violation?) {
    self.violation = violation
  }

  /// The values for which a test holds.
  ///
  /// - Parameter expected: the values in words, such as "a number above 0".
  init(_ expected: String, _ holds: @escaping @Sendable (Value) -> Bool) {
    violation = { holds($0) ? nil : Violation(value: "\($0)", expected: expected) }
  }

  /// Every value of the type.
  public static var any: SettingRange { SettingRange { _ in nil } }
}

extension SettingRange<Int> {
  /// Whole numbers from a least one.
  public static func atLeast(_ least: Int) -> SettingRange {
    SettingRange("a whole number of \(least) or more") { $0 >= least }
  }
}

extension SettingRange<Double> {
  /// Finite numbers above 0.
  public static var positive: SettingRange {
    SettingRange("a number above 0") { $0 > 0 && $0.isFinite }
  }

  /// Finite numbers of 0 or more.
  public static var notNegative: SettingRange {
    SettingRange("a number of 0 or more") { $0 >= 0 && $0.isFinite }
  }
}
