import Foundation

/// Numbers as short text for messages and names, the same in every locale.
extension BinaryFloatingPoint {
  /// The number with three significant digits, whole digits always kept and zeros at the end left out:
  /// `0.123`, `45.7`, `1235`, `4.57e-05`.
  public var shortText: String {
    let value = Double(self)
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    let decimals = max(0, 2 - Int(log10(abs(value)).rounded(.down)))
    let scale = pow(10, Double(decimals))
    let rounded = scale.isFinite ? (value * scale).rounded() / scale : value
    return Int(exactly: rounded).map(String.init) ?? "\(rounded)"
  }
}

extension Int {
  /// The number with its noun, as `1 class` and `3 classes`.
  ///
  /// - Parameter plural: nil puts an s behind the noun.
  public func counted(_ noun: String, _ plural: String? = nil) -> String {
    "\(self) \(self == 1 ? noun : plural ?? noun + "s")"
  }

  /// The number with zeros in front, so that it has `digits` digits at least.
  public func padded(to digits: Int) -> String {
    let text = String(self)
    return String(repeating: "0", count: Swift.max(0, digits - text.count)) + text
  }
}
