/// Pearson's correlation between the columns of a matrix, all at once.
public struct PearsonMatrix: Sendable, Equatable {
  /// The number of columns compared.
  public let size: Int
  /// Correlations, [size, size]; 0 where a column is constant.
  public let values: [Double]

  /// Correlates the columns of [rows, columns] values.
  ///
  /// A constant column has no correlation, not even with itself: its entries are 0.
  public init(columnsOf values: [Double], rows: Int, columns: Int, workers: Workers = Workers()) {
    precondition(values.count == rows * columns, "Rows times columns values are needed.")
    // Columns as rows, centred and scaled to unit length.
    var units = [Double](repeating: 0, count: rows * columns)
    for column in 0..<columns {
      var mean = 0.0
      var largest = 0.0
      for row in 0..<rows {
        mean += values[row * columns + column]
        largest = max(largest, values[row * columns + column].magnitude)
      }
      mean /= Double(max(1, rows))
      var squares = 0.0
      for row in 0..<rows {
        let centered = values[row * columns + column] - mean
        units[column * rows + row] = centered
        squares += centered * centered
      }
      let length = squares.squareRoot()
      // A constant column leaves only the rounding of its mean.
      let scale = length > largest * 1e-14 * Double(rows).squareRoot() ? 1 / length : 0
      for row in 0..<rows { units[column * rows + row] *= scale }
    }
    var products = DoubleRows(rows: columns, columns: rows, values: units).pairSums(
      workers: workers
    ) { sum, a, b in sum += a * b }
    for index in products.indices { products[index] = min(1, max(-1, products[index])) }
    size = columns
    self.values = products
  }
}
