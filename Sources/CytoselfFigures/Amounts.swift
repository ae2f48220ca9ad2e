import ArrayFiles

/// Columns whose values are amounts, to be shown on a scale, rather than names of groups.
package enum Amounts {
  /// The different values of a column as numbers, not a number where missing; nil where they are groups.
  ///
  /// Numbers with fractions are amounts; whole ones only when there are more of them than looks of groups.
  package static func values(of distinct: [String]) -> [Float]? {
    switch NumberColumn(distinct) {
    case .integers(let found):
      guard found.count(where: { $0 != nil }) > GroupPalette.looks else { return nil }
      return found.map { $0.map(Float.init) ?? .nan }
    case .numbers(let found): return found.map { Float($0) }
    case nil: return nil
    }
  }
}
