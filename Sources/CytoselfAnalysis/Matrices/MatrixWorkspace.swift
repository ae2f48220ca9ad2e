import CMatrixKernels

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
