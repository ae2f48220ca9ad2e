import CMatrixKernels

/// One thread's room to compare some queries with the rows of a list.
final class SearchRoom {
  private let columns: Int
  private let block: Int
  private let queries: UnsafeMutablePointer<Float>
  private let products: UnsafeMutablePointer<Float>
  private let hits: UnsafeMutablePointer<Int32>
  private let closed: UnsafeMutablePointer<Float>
  private let workspace = MatrixWorkspace()
  private var names: [Int] = []
  private var squares: [Float] = []

  /// Room for so many queries and rows of a list.
  init(queries: Int, block: Int, columns: Int) {
    self.columns = columns
    self.block = block
    self.queries = .allocate(capacity: queries * columns)
    products = .allocate(capacity: queries * block)
    hits = .allocate(capacity: block + 8)
    closed = .allocate(capacity: block)
    closed.initialize(repeating: -1, count: block)
  }

  deinit {
    queries.deallocate()
    products.deallocate()
    hits.deallocate()
    closed.deallocate()
  }

  /// Forgets the queries.
  func clear() {
    names.removeAll(keepingCapacity: true)
    squares.removeAll(keepingCapacity: true)
  }

  /// Adds a query, which is a row of `rows`.
  func add(_ query: Int, _ row: Int, of rows: CenteredRows) {
    rows.matrix.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      (queries + names.count * columns).update(from: base + row * columns, count: columns)
    }
    names.append(query)
    squares.append(rows.squares[row])
  }

  /// Offers rows of a list to all queries.
  ///
  /// - Parameters:
  ///   - space: the rows of all lists.
  ///   - range: some rows of one list, a block at most.
  ///   - called: the number under which each row of `space` is offered.
  ///   - own: the number that is not offered to each query.
  ///   - found: the candidates of each query.
  func search(
    _ space: CenteredRows, _ range: Range<Int>, called: [Int32], names own: [Int]?,
    _ found: CandidateLists
  ) {
    space.matrix.values.withUnsafeBufferPointer { values in
      space.squares.withUnsafeBufferPointer { norms in
        guard let base = values.baseAddress, let norms = norms.baseAddress else { return }
        workspace.multiply(
          MatrixView(rows: names.count, columns: columns, base: queries),
          MatrixView(rows: range.count, columns: columns, base: base + range.lowerBound * columns)
            .transposed,
          into: products, rowStride: block)
        for (place, query) in names.enumerated() {
          let line = products + place * block
          let count = cytoself_scan_distances(
            line, Int64(range.count), squares[place], norms + range.lowerBound,
            found.limits[query], closed, hits)
          for hit in 0..<Int(count) {
            let column = Int(hits[hit])
            let row = called[range.lowerBound + column]
            guard own.map({ Int(row) != $0[query] }) ?? true else { continue }
            found.offer(row, at: line[column], to: query)
          }
        }
      }
    }
  }
}
