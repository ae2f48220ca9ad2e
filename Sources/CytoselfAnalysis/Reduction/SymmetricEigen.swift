/// All eigenvalues and eigenvectors of a small dense symmetric matrix, by Jacobi's rotations.
///
/// Exact to rounding and free of order effects; meant for up to some hundred rows.
struct SymmetricEigen {
  /// Eigenvalues, largest first.
  let values: [Double]
  /// Eigenvectors: `vectors[k * size + i]` is element i of the k-th.
  let vectors: [Double]

  /// Decomposes the matrix with elements [size, size].
  init(_ elements: [Double], size: Int) {
    precondition(elements.count == size * size, "A symmetric matrix holds size squared elements.")
    var a = elements
    var v = [Double](repeating: 0, count: size * size)
    for i in 0..<size { v[i * size + i] = 1 }
    a.withUnsafeMutableBufferPointer { a in
      v.withUnsafeMutableBufferPointer { v in
        Self.rotate(a, v, size)
      }
    }
    let order = (0..<size).sorted { (a[$0 * size + $0], $1) > (a[$1 * size + $1], $0) }
    values = order.map { a[$0 * size + $0] }
    vectors = order.flatMap { v[$0 * size..<($0 + 1) * size] }
  }

  private static func rotate(
    _ a: UnsafeMutableBufferPointer<Double>, _ v: UnsafeMutableBufferPointer<Double>, _ size: Int
  ) {
    var norm = 0.0
    for element in a { norm += element * element }
    for _ in 0..<60 {
      var off = 0.0
      for p in 0..<size {
        for q in p + 1..<max(p + 1, size) { off += a[p * size + q] * a[p * size + q] }
      }
      if off <= norm * 1e-30 { return }
      for p in 0..<size {
        for q in p + 1..<max(p + 1, size) {
          let apq = a[p * size + q]
          if apq == 0 { continue }
          let theta = (a[q * size + q] - a[p * size + p]) / (2 * apq)
          let sign: Double = theta >= 0 ? 1 : -1
          let t = sign / (theta.magnitude + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot()
          let s = t * c
          // Rows p and q, then columns: both halves are kept, so rows stay contiguous.
          for i in 0..<size {
            let x = a[p * size + i]
            let y = a[q * size + i]
            a[p * size + i] = c * x - s * y
            a[q * size + i] = s * x + c * y
          }
          for i in 0..<size {
            let x = a[i * size + p]
            let y = a[i * size + q]
            a[i * size + p] = c * x - s * y
            a[i * size + q] = s * x + c * y
          }
          for i in 0..<size {
            let x = v[p * size + i]
            let y = v[q * size + i]
            v[p * size + i] = c * x - s * y
            v[q * size + i] = s * x + c * y
          }
        }
      }
    }
  }
}
