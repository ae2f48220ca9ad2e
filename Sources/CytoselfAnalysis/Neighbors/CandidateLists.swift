/// The nearest candidates found so far for each row: a heap per row, the farthest on top.
///
/// Candidates are ordered by (value, index), a total order, so the lists in the end do not depend on
/// the order of arrival.
final class CandidateLists: @unchecked Sendable {
  let rows: Int
  let capacity: Int
  /// Squared distances above which a candidate cannot enter, [rows].
  let limits: UnsafeMutablePointer<Float>
  private let values: UnsafeMutablePointer<Float>
  private let indices: UnsafeMutablePointer<Int32>

  init(rows: Int, capacity: Int) {
    self.rows = rows
    self.capacity = capacity
    limits = .allocate(capacity: max(1, rows))
    values = .allocate(capacity: max(1, rows * capacity))
    indices = .allocate(capacity: max(1, rows * capacity))
    limits.initialize(repeating: .infinity, count: rows)
    values.initialize(repeating: .infinity, count: rows * capacity)
    indices.initialize(repeating: .max, count: rows * capacity)
  }

  deinit {
    limits.deallocate()
    values.deallocate()
    indices.deallocate()
  }

  /// Offers a candidate; it enters if it comes before the farthest of the row.
  @inline(__always)
  func offer(_ index: Int32, at value: Float, to row: Int) {
    let heap = values + row * capacity
    let names = indices + row * capacity
    guard value < heap[0] || (value == heap[0] && index < names[0]) else { return }
    // Sift down from the top, whose place the candidate takes.
    var hole = 0
    while true {
      var child = 2 * hole + 1
      guard child < capacity else { break }
      let other = child + 1
      if other < capacity,
        heap[other] > heap[child] || (heap[other] == heap[child] && names[other] > names[child])
      {
        child = other
      }
      guard heap[child] > value || (heap[child] == value && names[child] > index) else { break }
      heap[hole] = heap[child]
      names[hole] = names[child]
      hole = child
    }
    heap[hole] = value
    names[hole] = index
    limits[row] = heap[0]
  }

  /// Forgets the candidates of a row.
  func clear(_ row: Int) {
    limits[row] = .infinity
    (values + row * capacity).update(repeating: .infinity, count: capacity)
    (indices + row * capacity).update(repeating: .max, count: capacity)
  }

  /// The candidates of a row, in no order; places never filled are left out.
  func candidates(of row: Int) -> [Int32] {
    var found: [Int32] = []
    found.reserveCapacity(capacity)
    for place in row * capacity..<(row + 1) * capacity where indices[place] != .max {
      found.append(indices[place])
    }
    return found
  }

  /// Measures the candidates of every row anew from the rows themselves and keeps the nearest.
  ///
  /// The values offered may come from |x|^2 + |y|^2 - 2 x.y, which cancels; the distances returned
  /// are summed from differences.
  func nearest(
    _ count: Int, queries: Matrix, base: Matrix, metric: Metric, method: String, workers: Workers
  ) -> Neighbors {
    var sortedIndices = [Int32](repeating: 0, count: rows * count)
    var sortedDistances = [Float](repeating: 0, count: rows * count)
    sortedIndices.withUnsafeMutableBufferPointer { indexBuffer in
      sortedDistances.withUnsafeMutableBufferPointer { distanceBuffer in
        queries.values.withUnsafeBufferPointer { queryValues in
          base.values.withUnsafeBufferPointer { baseValues in
            workers.forEachRange(of: rows, size: 256) { range, _ in
              for row in range {
                var measured: [(Float, Int32)] = []
                measured.reserveCapacity(capacity)
                for index in candidates(of: row) {
                  let squared = squaredDistance(
                    queryValues, row, baseValues, Int(index), columns: base.columns)
                  measured.append((squared, index))
                }
                measured.sort { $0 < $1 }
                for place in 0..<count {
                  indexBuffer[row * count + place] = measured[place].1
                  distanceBuffer[row * count + place] = metric.distance(
                    fromSquared: measured[place].0)
                }
              }
            }
          }
        }
      }
    }
    return Neighbors(
      rows: rows, count: count, indices: sortedIndices, distances: sortedDistances, method: method)
  }
}
