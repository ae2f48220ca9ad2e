import ArrayFiles
import Foundation

/// A column of a table of text with the type that all its values have in common.
///
/// Numbers are what ``NumberColumn`` takes for them: `007` and `1E5` stay text, since they are more likely
/// names. Columns that hold names are text whatever they look like. Empty fields, `nan`, `NA` and the like are missing.
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

  init(_ column: CSVColumn, holdsNames: Bool = false) {
    let values = column.uniqueValues
    let isMissing = values.map(MissingText.isMissing)
    let codes = column.codes
    let missing = isMissing.contains(true) ? codes.map { isMissing[Int($0)] } : nil
    let present = zip(values, isMissing).filter { !$0.1 }.map(\.0)
    if !holdsNames {
      switch NumberColumn(values) {
      case .integers(let known):
        self = .integers(codes.map { known[Int($0)] ?? 0 }, missing: missing)
        return
      case .numbers(let known):
        self = .numbers(codes.map { known[Int($0)] })
        return
      case nil: break
      }
      let flags = values.map(Self.flag)
      if !present.isEmpty, zip(flags, isMissing).allSatisfy({ $0 != nil || $1 }) {
        self = .flags(codes.map { flags[Int($0)] ?? false }, missing: missing)
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

  private static func flag(_ text: String) -> Bool? {
    switch text {
    case "True", "true": true
    case "False", "false": false
    default: nil
    }
  }
}
