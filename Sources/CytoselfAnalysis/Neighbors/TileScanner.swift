/// One thread's tile of squared distances between two blocks of rows.
final class TileScanner {
  private let block: DistanceBlock

  /// Room for blocks of at most `rows` rows.
  init(rows: Int) {
    block = DistanceBlock(rows: rows, columns: rows)
  }

  /// Fills the tile with the products of the rows of two blocks.
  func multiply(
    _ a: CenteredRows, _ rows: Range<Int>, _ b: CenteredRows, _ columns: Range<Int>
  ) {
    a.matrix.values.withUnsafeBufferPointer { aValues in
      b.matrix.values.withUnsafeBufferPointer { bValues in
        guard let aBase = aValues.baseAddress, let bBase = bValues.baseAddress else { return }
        let width = a.matrix.columns
        block.multiply(
          MatrixView(rows: rows.count, columns: width, base: aBase + rows.lowerBound * width),
          MatrixView(rows: columns.count, columns: width, base: bBase + columns.lowerBound * width))
      }
    }
  }

  /// Offers every base row of the tile to its query rows.
  func scan(
    _ queries: CenteredRows, _ rows: Range<Int>, _ base: CenteredRows, _ columns: Range<Int>,
    lists: CandidateLists
  ) {
    base.squares.withUnsafeBufferPointer { squares in
      guard let squareBase = squares.baseAddress else { return }
      for (place, row) in rows.enumerated() {
        block.scan(
          place, count: columns.count, square: queries.squares[row],
          squares: squareBase + columns.lowerBound, limit: lists.limits[row]
        ) { column, distance in
          lists.offer(Int32(columns.lowerBound + column), at: distance, to: row)
        }
      }
    }
  }

  /// Offers the two rows of every pair of the tile to each other; a row is never its own neighbour.
  func scanPairs(
    _ space: CenteredRows, _ rows: Range<Int>, _ columns: Range<Int>, lists: CandidateLists
  ) {
    let diagonal = rows.lowerBound == columns.lowerBound
    space.squares.withUnsafeBufferPointer { squares in
      guard let squareBase = squares.baseAddress else { return }
      for (place, row) in rows.enumerated() {
        block.scan(
          place, count: columns.count, square: squares[row],
          squares: squareBase + columns.lowerBound, limit: lists.limits[row],
          limits: diagonal ? nil : UnsafePointer(lists.limits + columns.lowerBound)
        ) { column, distance in
          let other = columns.lowerBound + column
          guard other != row else { return }
          lists.offer(Int32(other), at: distance, to: row)
          if !diagonal { lists.offer(Int32(row), at: distance, to: other) }
        }
      }
    }
  }
}
