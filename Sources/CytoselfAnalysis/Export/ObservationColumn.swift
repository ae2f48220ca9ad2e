import ArrayFiles
import Foundation

/// A column of a table of text with the type that all its values have in common.
///
/// Whole numbers and numbers are those whose text gives nothing away: `007` stays text, since it is
/// more likely a name. An empty field is missing.
enum ObservationColumn {
  /// Whole numbers; where any is missing, which ones.
  case integers([Int64], missing: [Bool]?)
  /// Numbers; missing ones are not a number.
  case numbers([Double])
  /// `True` and `False` in either case; where any is missing, which ones.
  case flags([Bool], missing: [Bool]?)
  /// Texts of which some repeat: each different one, sorted by bytes, and for each row its number or -1.
  case categories([String], codes: [Int32])
  /// Texts that are all different.
  case texts([String])

  init(_ column: CSVColumn) {
    let values = column.uniqueValues
    let isMissing = values.map(\.isEmpty)
    let codes = column.codes
    let missing = isMissing.contains(true) ? codes.map { isMissing[Int($0)] } : nil
    func parsed<Value>(_ parse: (String) -> Value?, missing: Value) -> [Value]? {
      var known: [Value] = []
      for value in values {
        guard let value = value.isEmpty ? missing : parse(value) else { return nil }
        known.append(value)
      }
      return codes.map { known[Int($0)] }
    }
    let present = values.filter { !$0.isEmpty }
    if !present.isEmpty {
      if let integers = parsed(Self.integer, missing: 0) {
        self = .integers(integers, missing: missing)
        return
      }
      if let numbers = parsed(Self.number, missing: .nan) {
        self = .numbers(numbers)
        return
      }
      if let flags = parsed(Self.flag, missing: false) {
        self = .flags(flags, missing: missing)
        return
      }
    }
    guard values.count < codes.count || missing != nil else {
      self = .texts(column.strings())
      return
    }
    let names = present.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var places: [String: Int32] = [:]
    for (place, name) in names.enumerated() { places[name] = Int32(place) }
    let numbers = values.map { places[$0] ?? -1 }
    self = .categories(names, codes: codes.map { numbers[Int($0)] })
  }

  private static func integer(_ text: String) -> Int64? {
    guard let value = Int64(text), String(value) == text else { return nil }
    return value
  }

  private static func number(_ text: String) -> Double? {
    if ["nan", "inf", "-inf"].contains(text.lowercased()) { return Double(text) }
    var digits = text.utf8[...]
    if digits.first == UInt8(ascii: "-") || digits.first == UInt8(ascii: "+") {
      digits = digits.dropFirst()
    }
    let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    // A leading zero, or more digits than whole numbers of 64 bits have: no number but a name.
    if digits.first == UInt8(ascii: "0"), let second = digits.dropFirst().first, isDigit(second) {
      return nil
    }
    guard digits.allSatisfy({ isDigit($0) || "+-.eE".utf8.contains($0) }) else { return nil }
    if digits.allSatisfy(isDigit), Int64(text) == nil { return nil }
    return Double(text)
  }

  private static func flag(_ text: String) -> Bool? {
    switch text {
    case "True", "true": true
    case "False", "false": false
    default: nil
    }
  }
}
