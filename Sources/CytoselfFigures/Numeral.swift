import Foundation

/// Numbers written for scripts, data files and readers, never localised.
package enum Numeral {
  /// A number for a script or a data file: short, with a point, never localised.
  ///
  /// Whole numbers lose their `.0`; what is not finite becomes `NaN`, which gnuplot skips.
  package static func plain(_ value: Double) -> String {
    guard value.isFinite else { return "NaN" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
    let rounded = (value * 1e4).rounded() / 1e4
    // Positions need no more than four decimals; small values keep every digit.
    if abs(value) >= 0.1, abs(value) < 1e9 { return "\(rounded)" }
    return "\(value)"
  }

  /// A number for readers: about `digits` significant digits and a real minus sign.
  package static func readable(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite else { return "–" }
    if value == 0 { return "0" }
    let magnitude = Int(floor(log10(abs(value))))
    if magnitude < -4 || magnitude > 6 {
      let mantissa = value / pow(10, Double(magnitude))
      return "\(decimal(mantissa, places: max(digits - 2, 0)))e\(magnitude < 0 ? "−" : "")"
        + "\(abs(magnitude))"
    }
    return decimal(value, places: max(digits - 1 - magnitude, 0))
  }

  /// A number with a given count of decimals and a real minus sign.
  package static func decimal(_ value: Double, places: Int) -> String {
    guard value.isFinite else { return "–" }
    let text = String(format: "%.\(places)f", locale: Locale(identifier: "en_US_POSIX"), abs(value))
    let isZero = !text.contains { ("1"..."9").contains($0) }
    return value < 0 && !isZero ? "−" + text : text
  }

  /// A count with thousands set apart by commas.
  package static func grouped(_ count: Int) -> String {
    var out = ""
    let digits = String(count.magnitude)
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { out += "," }
      out.append(digit)
    }
    return count < 0 ? "−" + out : out
  }

  /// A number from 1 as Roman numerals.
  package static func roman(_ number: Int) -> String {
    let signs = [
      (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
      (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ]
    var left = number
    var out = ""
    for (value, sign) in signs {
      while left >= value {
        out += sign
        left -= value
      }
    }
    return out
  }
}
