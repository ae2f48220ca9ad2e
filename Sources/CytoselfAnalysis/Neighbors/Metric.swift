/// How the distance between two rows is measured.
public enum Metric: String, Sendable, CaseIterable, Codable {
  /// The length of the difference.
  case euclidean
  /// One minus the cosine of the angle between the rows.
  case cosine
  /// One minus Pearson's correlation of the rows.
  case correlation

  /// Rows between which the euclidean distance orders pairs as this metric does.
  ///
  /// For cosine the rows scaled to length 1, for correlation the same after the row's mean is taken
  /// away: then |x - y|^2 / 2 is the distance.
  ///
  /// - Throws: `AnalysisError.noDirection` where a row is zero (cosine) or constant (correlation).
  func prepare(_ matrix: Matrix, source: String) throws(AnalysisError) -> Matrix {
    guard self != .euclidean else { return matrix }
    var prepared = matrix
    for row in 0..<matrix.rows {
      let range = row * matrix.columns..<(row + 1) * matrix.columns
      var mean = 0.0
      if self == .correlation {
        for index in range { mean += Double(matrix.values[index]) }
        mean /= Double(matrix.columns)
      }
      var squares = 0.0
      var largest = 0.0
      for index in range {
        let value = Double(matrix.values[index])
        squares += (value - mean) * (value - mean)
        largest = max(largest, value.magnitude)
      }
      // A constant row leaves only the rounding of its mean.
      let length = squares.squareRoot()
      guard length > largest * 1e-7, length > 0 else {
        throw .noDirection(source: source, row: row, metric: rawValue)
      }
      for index in range {
        prepared.values[index] = Float((Double(matrix.values[index]) - mean) / length)
      }
    }
    return prepared
  }

  /// The distance from the squared euclidean distance of prepared rows.
  func distance(fromSquared squared: Float) -> Float {
    self == .euclidean ? squared.squareRoot() : squared / 2
  }
}
