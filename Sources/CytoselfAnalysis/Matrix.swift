import CMatrixKernels

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

  /// Checks that every element is finite.
  ///
  /// - Throws: `AnalysisError.notFinite` naming `source` and the rows.
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

/// A strided view of matrix elements, for products with transposed operands.
struct MatrixView {
  let rows: Int
  let columns: Int
  let base: UnsafePointer<Float>
  let rowStride: Int
  let columnStride: Int

  init(rows: Int, columns: Int, base: UnsafePointer<Float>) {
    self.init(rows: rows, columns: columns, base: base, rowStride: columns, columnStride: 1)
  }

  init(
    rows: Int, columns: Int, base: UnsafePointer<Float>, rowStride: Int, columnStride: Int
  ) {
    self.rows = rows
    self.columns = columns
    self.base = base
    self.rowStride = rowStride
    self.columnStride = columnStride
  }

  var transposed: MatrixView {
    MatrixView(
      rows: columns, columns: rows, base: base, rowStride: columnStride, columnStride: rowStride)
  }

  func rows(_ range: Range<Int>) -> MatrixView {
    MatrixView(
      rows: range.count, columns: columns, base: base + range.lowerBound * rowStride,
      rowStride: rowStride, columnStride: columnStride)
  }

  func columns(_ range: Range<Int>) -> MatrixView {
    MatrixView(
      rows: rows, columns: range.count, base: base + range.lowerBound * columnStride,
      rowStride: rowStride, columnStride: columnStride)
  }

  var kernelView: cytoself_matrix_view {
    cytoself_matrix_view(
      values: base, row_stride: Int64(rowStride), column_stride: Int64(columnStride))
  }
}

/// Scratch memory of one thread for matrix products.
final class MatrixWorkspace {
  let floats: UnsafeMutablePointer<Float>

  init() { floats = .allocate(capacity: Int(cytoself_matrix_workspace())) }
  deinit { floats.deallocate() }

  /// product [a.rows, b.columns] = a b, or += where `accumulating`.
  func multiply(
    _ a: MatrixView, _ b: MatrixView, into product: UnsafeMutablePointer<Float>, rowStride: Int,
    accumulating: Bool = false
  ) {
    precondition(a.columns == b.rows, "The inner sizes of a matrix product must be equal.")
    cytoself_matrix_product(
      Int64(a.rows), Int64(b.columns), Int64(a.columns), a.kernelView, b.kernelView, product,
      Int64(rowStride), accumulating ? 1 : 0, floats)
  }
}

extension Matrix {
  /// The product of two matrices, either of them transposed if asked, on several threads.
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
