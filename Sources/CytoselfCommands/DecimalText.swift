import Foundation

extension Double {
  /// The number with a fixed count of decimals.
  package func decimals(_ count: Int) -> String {
    formatted(
      .number.precision(.fractionLength(count)).grouping(.never).locale(
        .init(identifier: "en_US_POSIX")))
  }
}
