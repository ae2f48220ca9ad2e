import CMatrixKernels

/// Rows of double-precision numbers, for statistics whose ties must not be broken by rounding.
struct DoubleRows: Sendable {
  /// What is summed over the columns of two rows.
  enum Term {
    /// a b
    case product
    /// (a - b)^2
    case squaredDifference
  }

  let rows: Int
  let columns: Int
  let values: [Double]

  /// Rows of a block: two blocks' chunk of columns stay in the second-level cache.
  private static let block = 64

  init(rows: Int, columns: Int, values: [Double]) {
    precondition(values.count == rows * columns, "Rows times columns values are needed.")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// For every pair of rows the sum over columns of a term, [rows, rows], both halves filled.
  ///
  /// The order of additions is the same for every pair, so equal pairs get equal sums, on any number of
  /// threads.
  func pairSums(of term: Term, workers: Workers) -> [Double] {
    let padded = (columns + 7) / 8 * 8
    var wide = values
    if padded != columns {
      wide = [Double](repeating: 0, count: rows * padded)
      for row in 0..<rows {
        wide.replaceSubrange(
          row * padded..<row * padded + columns, with: values[row * columns..<(row + 1) * columns])
      }
    }
    var sums = [Double](repeating: 0, count: rows * rows)
    let blocks = (rows + Self.block - 1) / Self.block
    let pairs = (0..<blocks).flatMap { first in (0...first).map { (first, $0) } }
    sums.withUnsafeMutableBufferPointer { target in
      wide.withUnsafeBufferPointer { source in
        guard let target = target.baseAddress, let source = source.baseAddress else { return }
        workers.forEach(pairs.count) { task, _ in
          let mine = Self.range(pairs[task].0, of: rows)
          let others = Self.range(pairs[task].1, of: rows)
          cytoself_pair_sums(
            source + mine.lowerBound * padded, Int64(mine.count),
            source + others.lowerBound * padded, Int64(others.count), Int64(padded),
            term == .squaredDifference ? 1 : 0,
            target + mine.lowerBound * rows + others.lowerBound, Int64(rows))
          for row in mine {
            for other in others where other < row {
              target[other * rows + row] = target[row * rows + other]
            }
          }
        }
      }
    }
    return sums
  }

  private static func range(_ index: Int, of rows: Int) -> Range<Int> {
    index * block..<min(rows, (index + 1) * block)
  }
}
