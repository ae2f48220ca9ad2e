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
    // Row by row: a column at a time would fetch a line of the cache for every number.
    var means = [Double](repeating: 0, count: columns)
    var largest = [Double](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns {
        let value = values[row * columns + column]
        means[column] += value
        largest[column] = max(largest[column], value.magnitude)
      }
    }
    for column in 0..<columns { means[column] /= Double(max(1, rows)) }
    var squares = [Double](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns {
        let centered = values[row * columns + column] - means[column]
        squares[column] += centered * centered
      }
    }
    // A constant column leaves only the rounding of its mean.
    let least = 1e-14 * Double(rows).squareRoot()
    let scales = zip(squares, largest).map { squares, largest in
      squares.squareRoot() > largest * least ? 1 / squares.squareRoot() : 0
    }
    // Columns as rows, centred and scaled to unit length.
    var units = [Double](repeating: 0, count: rows * columns)
    for first in stride(from: 0, to: columns, by: 8) {
      for row in 0..<rows {
        for column in first..<min(columns, first + 8) {
          units[column * rows + row] =
            (values[row * columns + column] - means[column]) * scales[column]
        }
      }
    }
    var products = DoubleRows(rows: columns, columns: rows, values: units)
      .pairSums(of: .product, workers: workers)
    for index in products.indices { products[index] = min(1, max(-1, products[index])) }
    size = columns
    self.values = products
  }
}
