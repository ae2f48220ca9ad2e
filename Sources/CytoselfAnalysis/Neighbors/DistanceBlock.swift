import CMatrixKernels

/// One thread's block of squared distances between some rows and some others.
final class DistanceBlock {
  private let stride: Int
  private let products: UnsafeMutablePointer<Float>
  private let hits: UnsafeMutablePointer<Int32>
  private let closed: UnsafeMutablePointer<Float>
  private let workspace = MatrixWorkspace()

  /// Room for so many rows and columns.
  init(rows: Int, columns: Int) {
    stride = columns
    products = .allocate(capacity: rows * columns)
    // The kernel writes a vector of hits past the last one.
    hits = .allocate(capacity: columns + 8)
    closed = .allocate(capacity: columns)
    closed.initialize(repeating: -1, count: columns)
  }

  deinit {
    products.deallocate()
    hits.deallocate()
    closed.deallocate()
  }

  /// Fills the block with the products of rows of `a` and rows of `b`.
  func multiply(_ a: MatrixView, _ b: MatrixView) {
    workspace.multiply(a, b.transposed, into: products, rowStride: stride)
  }

  /// Turns a row of products into squared distances, and offers those that may be near.
  ///
  /// - Parameters:
  ///   - row: of the block.
  ///   - count: how many columns it has.
  ///   - square: of the row.
  ///   - squares: of the columns.
  ///   - limit: the farthest distance that the row still takes.
  ///   - limits: the farthest that each column still takes; nil where columns take none.
  ///   - offer: called with a column and its squared distance.
  @inline(__always)
  func scan(
    _ row: Int, count: Int, square: Float, squares: UnsafePointer<Float>, limit: Float,
    limits: UnsafePointer<Float>? = nil, offer: (_ column: Int, _ distance: Float) -> Void
  ) {
    let line = products + row * stride
    let found = cytoself_scan_distances(
      line, Int64(count), square, squares, limit, limits ?? UnsafePointer(closed), hits)
    for hit in 0..<Int(found) {
      let column = Int(hits[hit])
      offer(column, line[column])
    }
  }
}
