/// One thread's room to compare some queries with the rows of a list.
final class SearchRoom {
  private let columns: Int
  private let block: DistanceBlock
  private let queries: UnsafeMutablePointer<Float>
  private var names: [Int] = []
  private var squares: [Float] = []

  /// Room for so many queries and rows of a list.
  init(queries: Int, block: Int, columns: Int) {
    self.columns = columns
    self.block = DistanceBlock(rows: queries, columns: block)
    self.queries = .allocate(capacity: queries * columns)
  }

  deinit { queries.deallocate() }

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
        block.multiply(
          MatrixView(rows: names.count, columns: columns, base: queries),
          MatrixView(rows: range.count, columns: columns, base: base + range.lowerBound * columns))
        for (place, query) in names.enumerated() {
          block.scan(
            place, count: range.count, square: squares[place], squares: norms + range.lowerBound,
            limit: found.limits[query]
          ) { column, distance in
            let row = called[range.lowerBound + column]
            guard own.map({ Int(row) != $0[query] }) ?? true else { return }
            found.offer(row, at: distance, to: query)
          }
        }
      }
    }
  }
}
