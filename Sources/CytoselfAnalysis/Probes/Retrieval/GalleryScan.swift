import CMatrixKernels

/// Distances of queries from every row of a gallery, a block of queries at a time.
struct GalleryScan {
  private let queries: CenteredRows
  private let gallery: CenteredRows
  private let workers: Workers

  /// Queries of a block.
  private static let block = 24

  /// Prepares rows under a metric.
  ///
  /// - Throws: `AnalysisError.noDirection` where a row has none.
  init(
    _ queries: Matrix, in gallery: Matrix, metric: Metric, source: String, workers: Workers
  ) throws(AnalysisError) {
    let preparedGallery = try metric.prepare(gallery, source: source)
    let means = preparedGallery.columnMeans()
    self.gallery = CenteredRows(preparedGallery, means: means)
    self.queries = CenteredRows(try metric.prepare(queries, source: source), means: means)
    self.workers = workers
  }

  /// What `body` makes of the squared distances of each query, in the order of queries.
  func map<Result>(_ body: (_ query: Int, UnsafeBufferPointer<Float>) -> Result) -> [Result] {
    let (rows, width) = (gallery.matrix.rows, gallery.matrix.columns)
    let count = queries.matrix.rows
    return [Result](unsafeUninitializedCapacity: count) { results, initialized in
      guard let resultBase = results.baseAddress else { return }
      workers.forEachRange(of: count, size: Self.block) { range, _ in
        let products = UnsafeMutablePointer<Float>.allocate(capacity: range.count * rows)
        defer { products.deallocate() }
        multiply(range, width: width, into: products)
        for (place, query) in range.enumerated() {
          let line = UnsafeMutableBufferPointer(start: products + place * rows, count: rows)
          let square = queries.squares[query]
          for row in 0..<rows {
            line[row] = max(0, square + gallery.squares[row] - 2 * line[row])
          }
          (resultBase + query).initialize(to: body(query, UnsafeBufferPointer(line)))
        }
      }
      initialized = count
    }
  }

  private func multiply(
    _ range: Range<Int>, width: Int, into products: UnsafeMutablePointer<Float>
  ) {
    let workspace = MatrixWorkspace()
    queries.matrix.values.withUnsafeBufferPointer { values in
      gallery.matrix.values.withUnsafeBufferPointer { base in
        guard let queryBase = values.baseAddress, let galleryBase = base.baseAddress else { return }
        workspace.multiply(
          MatrixView(
            rows: range.count, columns: width, base: queryBase + range.lowerBound * width),
          MatrixView(rows: gallery.matrix.rows, columns: width, base: galleryBase).transposed,
          into: products, rowStride: gallery.matrix.rows)
      }
    }
  }
}
