extension Matrix {
  /// The product of two matrices, either of them transposed where wanted, on several threads.
  public static func product(
    _ a: Matrix, transposingA: Bool = false, _ b: Matrix, transposingB: Bool = false,
    workers: Workers = Workers()
  ) -> Matrix {
    let rows = transposingA ? a.columns : a.rows
    let columns = transposingB ? b.rows : b.columns
    var product = Matrix(rows: rows, columns: columns)
    guard rows > 0, columns > 0 else { return product }
    let spaces = (0..<workers.count).map { _ in MatrixWorkspace() }
    a.values.withUnsafeBufferPointer { aValues in
      b.values.withUnsafeBufferPointer { bValues in
        product.values.withUnsafeMutableBufferPointer { target in
          guard let aBase = aValues.baseAddress, let bBase = bValues.baseAddress,
            let targetBase = target.baseAddress
          else { return }
          let aStored = MatrixView(rows: a.rows, columns: a.columns, base: aBase)
          let bStored = MatrixView(rows: b.rows, columns: b.columns, base: bBase)
          let left = transposingA ? aStored.transposed : aStored
          let right = transposingB ? bStored.transposed : bStored
          if rows >= 2 * 192 * workers.count {
            workers.forEachRange(of: rows, size: 192) { range, worker in
              spaces[worker].multiply(
                left.rows(range), right, into: targetBase + range.lowerBound * columns,
                rowStride: columns)
            }
          } else {
            // Too few rows for every thread: a share of the columns for each.
            let share = max(64, (columns / (2 * workers.count) + 31) / 32 * 32)
            workers.forEachRange(of: columns, size: share) { range, worker in
              spaces[worker].multiply(
                left, right.columns(range), into: targetBase + range.lowerBound,
                rowStride: columns)
            }
          }
        }
      }
    }
    return product
  }
}
