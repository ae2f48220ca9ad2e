/// Rows of double-precision numbers, for statistics whose ties must not be broken by rounding.
struct DoubleRows: Sendable {
  let rows: Int
  let columns: Int
  let values: [Double]

  init(rows: Int, columns: Int, values: [Double]) {
    precondition(values.count == rows * columns, "Rows times columns values are needed.")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// For every pair of rows the sum over columns of `term`, [rows, rows], both halves filled.
  ///
  /// Rows are taken four at a time, columns in four lanes; the order of additions is the same for
  /// every pair, so equal pairs get equal sums.
  @inline(__always)
  func pairSums(
    workers: Workers,
    _ term: (_ sum: inout SIMD4<Double>, _ a: SIMD4<Double>, _ b: SIMD4<Double>) -> Void
  ) -> [Double] {
    let padded = (columns + 3) / 4 * 4
    var aligned = [Double](repeating: 0, count: (rows + 3) * padded)
    for row in 0..<rows {
      for column in 0..<columns { aligned[row * padded + column] = values[row * columns + column] }
    }
    var sums = [Double](repeating: 0, count: rows * rows)
    sums.withUnsafeMutableBufferPointer { target in
      aligned.withUnsafeBytes { bytes in
        workers.forEachRange(of: rows, size: 4) { range, _ in
          let first = range.lowerBound
          for other in 0..<min(rows, range.upperBound) {
            var s0 = SIMD4<Double>.zero
            var s1 = SIMD4<Double>.zero
            var s2 = SIMD4<Double>.zero
            var s3 = SIMD4<Double>.zero
            for column in stride(from: 0, to: padded, by: 4) {
              let b = bytes.loadUnaligned(
                fromByteOffset: (other * padded + column) * 8, as: SIMD4<Double>.self)
              let start = (first * padded + column) * 8
              let step = padded * 8
              term(&s0, bytes.loadUnaligned(fromByteOffset: start, as: SIMD4<Double>.self), b)
              term(
                &s1, bytes.loadUnaligned(fromByteOffset: start + step, as: SIMD4<Double>.self), b)
              term(
                &s2, bytes.loadUnaligned(fromByteOffset: start + 2 * step, as: SIMD4<Double>.self),
                b)
              term(
                &s3, bytes.loadUnaligned(fromByteOffset: start + 3 * step, as: SIMD4<Double>.self),
                b)
            }
            let found = SIMD4(s0.sum(), s1.sum(), s2.sum(), s3.sum())
            for (place, row) in range.enumerated() where other <= row {
              target[row * rows + other] = found[place]
              target[other * rows + row] = found[place]
            }
          }
        }
      }
    }
    return sums
  }
}
