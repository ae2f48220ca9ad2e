/// Columns brought to mean 0 and standard deviation 1, as learned from some rows.
public struct Standardization: Sendable, Equatable {
  /// The mean of each column.
  public let means: [Double]
  /// The standard deviation of each column, dividing by the number of rows; 1 for a constant column.
  public let deviations: [Double]

  /// Learns from the listed rows of a matrix.
  public init(_ matrix: Matrix, rows: [Int]) {
    let count = Double(max(1, rows.count))
    var means = [Double](repeating: 0, count: matrix.columns)
    var squares = means
    for row in rows {
      for (column, value) in matrix[row: row].enumerated() { means[column] += Double(value) }
    }
    for column in means.indices { means[column] /= count }
    for row in rows {
      for (column, value) in matrix[row: row].enumerated() {
        let difference = Double(value) - means[column]
        squares[column] += difference * difference
      }
    }
    self.means = means
    deviations = zip(squares, means).map { square, mean in
      let deviation = (square / count).squareRoot()
      // What rounding of the mean leaves of a constant column is no spread.
      return deviation > 1e-7 * mean.magnitude && deviation > 0 ? deviation : 1
    }
  }

  /// The listed rows on the learned scale, each followed by `padding` ones.
  func apply(_ matrix: Matrix, rows: [Int], padding: Int = 0) -> Matrix {
    let width = matrix.columns + padding
    var values = [Float](repeating: 1, count: rows.count * width)
    for (place, row) in rows.enumerated() {
      for (column, value) in matrix[row: row].enumerated() {
        values[place * width + column] =
          Float((Double(value) - means[column]) / deviations[column])
      }
    }
    return Matrix(rows: rows.count, columns: width, values: values)
  }
}
