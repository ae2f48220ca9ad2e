/// A dense float32 matrix in row order, in memory.
public struct Matrix: Sendable, Equatable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The elements, [rows, columns] in C order.
  public var values: [Float]

  /// A matrix of the given elements, [rows, columns] in C order.
  public init(rows: Int, columns: Int, values: [Float]) {
    precondition(
      values.count == rows * columns, "A matrix needs rows times columns values, no more, no less.")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// A matrix of zeros.
  public init(rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns, values: [Float](repeating: 0, count: rows * columns))
  }

  /// The element at a row and a column.
  public subscript(row: Int, column: Int) -> Float {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// One row.
  public subscript(row row: Int) -> ArraySlice<Float> {
    values[row * columns..<(row + 1) * columns]
  }

  /// The listed rows, in the order of the list.
  public func selecting(_ rowIndices: [Int]) -> Matrix {
    var selected: [Float] = []
    selected.reserveCapacity(rowIndices.count * columns)
    for row in rowIndices { selected.append(contentsOf: self[row: row]) }
    return Matrix(rows: rowIndices.count, columns: columns, values: selected)
  }

  /// Checks that every element is finite and that squares of differences are too.
  ///
  /// - Throws: `AnalysisError.notFinite` naming `source` and the rows, or `.badFile` as ``NumberRange``.
  public func requireFinite(source: String) throws(AnalysisError) {
    var found: [Int] = []
    var count = 0
    values.withUnsafeBufferPointer { buffer in
      for row in 0..<rows {
        var sum: Float = 0
        for column in 0..<columns { sum += buffer[row * columns + column] * 0 }
        guard sum != 0 else { continue }
        count += 1
        if found.count < 10 { found.append(row) }
      }
    }
    if count > 0 { throw .notFinite(source: source, rows: found, count: count) }
    var range = NumberRange()
    for row in 0..<rows { range.look(at: self[row: row], row: row) }
    try range.check(source: source)
  }

  /// The mean of each column, summed in double precision.
  public func columnMeans() -> [Double] {
    var sums = [Double](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns { sums[column] += Double(values[row * columns + column]) }
    }
    return sums.map { $0 / Double(max(1, rows)) }
  }
}
