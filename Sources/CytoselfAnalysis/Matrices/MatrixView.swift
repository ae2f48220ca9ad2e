import CMatrixKernels

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
