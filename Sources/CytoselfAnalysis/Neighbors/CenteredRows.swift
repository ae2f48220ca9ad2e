import CMatrixKernels

/// Rows with a common mean taken away, which makes the product's rounding small, and their squares.
struct CenteredRows: Sendable {
  let matrix: Matrix
  let squares: [Float]

  /// - Parameters:
  ///   - source: the rows.
  ///   - rows: which of them, in this order; nil takes all.
  ///   - means: what is taken away, a number for each column.
  init(_ source: Matrix, rows: [Int32]? = nil, means: [Double]) {
    let columns = source.columns
    let count = rows?.count ?? source.rows
    var squares = [Float](repeating: 0, count: count)
    let centered = [Float](unsafeUninitializedCapacity: count * columns) { target, filled in
      filled = count * columns
      guard let base = target.baseAddress else { return }
      source.values.withUnsafeBufferPointer { values in
        means.withUnsafeBufferPointer { means in
          for row in 0..<count {
            let from = (rows.map { Int($0[row]) } ?? row) * columns
            let line = base + row * columns
            for column in 0..<columns {
              (line + column).initialize(to: Float(Double(values[from + column]) - means[column]))
            }
            squares[row] = cytoself_dot(line, line, Int64(columns))
          }
        }
      }
    }
    matrix = Matrix(rows: count, columns: columns, values: centered)
    self.squares = squares
  }
}

/// The squared euclidean distance of two rows.
@inline(__always)
func squaredDistance(
  _ a: UnsafeBufferPointer<Float>, _ row: Int, _ b: UnsafeBufferPointer<Float>, _ other: Int,
  columns: Int
) -> Float {
  guard let aBase = a.baseAddress, let bBase = b.baseAddress else { return 0 }
  return cytoself_squared_distance(
    aBase + row * columns, bBase + other * columns, Int64(columns))
}
