import CMatrixKernels

/// One thread's tile of squared distances between two blocks of rows.
final class TileScanner {
  private let side: Int
  private let tile: UnsafeMutablePointer<Float>
  private let hits: UnsafeMutablePointer<Int32>
  private let closed: UnsafeMutablePointer<Float>
  private let workspace = MatrixWorkspace()

  /// Room for blocks of at most `rows` rows.
  init(rows: Int) {
    side = rows
    tile = .allocate(capacity: rows * rows)
    hits = .allocate(capacity: rows + 8)
    closed = .allocate(capacity: rows)
    closed.initialize(repeating: -1, count: rows)
  }

  deinit {
    tile.deallocate()
    hits.deallocate()
    closed.deallocate()
  }

  /// Fills the tile with the products of the rows of two blocks.
  func multiply(
    _ a: CenteredRows, _ rows: Range<Int>, _ b: CenteredRows, _ columns: Range<Int>
  ) {
    a.matrix.values.withUnsafeBufferPointer { aValues in
      b.matrix.values.withUnsafeBufferPointer { bValues in
        guard let aBase = aValues.baseAddress, let bBase = bValues.baseAddress else { return }
        let width = a.matrix.columns
        workspace.multiply(
          MatrixView(rows: rows.count, columns: width, base: aBase + rows.lowerBound * width),
          MatrixView(rows: columns.count, columns: width, base: bBase + columns.lowerBound * width)
            .transposed,
          into: tile, rowStride: side)
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
        let line = tile + place * side
        let found = cytoself_scan_distances(
          line, Int64(columns.count), queries.squares[row], squareBase + columns.lowerBound,
          lists.limits[row], closed, hits)
        for hit in 0..<Int(found) {
          let column = Int(hits[hit])
          lists.offer(Int32(columns.lowerBound + column), at: line[column], to: row)
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
        let line = tile + place * side
        let found = cytoself_scan_distances(
          line, Int64(columns.count), squares[row], squareBase + columns.lowerBound,
          lists.limits[row], diagonal ? closed : lists.limits + columns.lowerBound, hits)
        for hit in 0..<Int(found) {
          let column = Int(hits[hit])
          let other = columns.lowerBound + column
          guard other != row else { continue }
          lists.offer(Int32(other), at: line[column], to: row)
          if !diagonal { lists.offer(Int32(row), at: line[column], to: other) }
        }
      }
    }
  }
}
