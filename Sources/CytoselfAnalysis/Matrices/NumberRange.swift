/// The largest magnitude among rows, beyond which distances in single precision are infinite or vanish.
struct NumberRange {
  private var largest: Float = 0
  private var row = 0

  /// Numbers whose squares, summed over any number of columns, stay within single precision.
  static let usable: ClosedRange<Float> = 1e-12...1e15

  /// Takes a row into account.
  mutating func look(at values: some Sequence<Float>, row: Int) {
    var found: Float = 0
    for value in values { found = max(found, value.magnitude) }
    if found > largest { (largest, self.row) = (found, row) }
  }

  /// Checks the largest number, unless all are 0.
  ///
  /// - Throws: `AnalysisError.badFile` naming the row.
  func check(source: String) throws(AnalysisError) {
    guard largest > 0, !Self.usable.contains(largest) else { return }
    throw .badFile(
      path: source,
      problem: largest > Self.usable.upperBound
        ? "row \(row) (counted from 0) holds \(largest)" : "the largest number is \(largest)",
      expected: "numbers between \(Self.usable.lowerBound) and \(Self.usable.upperBound) in "
        + "magnitude, since distances are computed in single precision: scale them, or remove the row"
    )
  }
}
