/// A weighted graph: for each row its columns, ascending, and their weights.
public struct SparseGraph: Sendable, Equatable {
  /// Where each row's entries begin; one more than there are rows.
  public let starts: [Int]
  /// The column of each entry.
  public let columns: [Int32]
  /// The weight of each entry.
  public let weights: [Float]

  /// A graph of the given entries.
  public init(starts: [Int], columns: [Int32], weights: [Float]) {
    precondition(
      starts.last == columns.count && columns.count == weights.count,
      "The row starts of a sparse graph must end at the number of its entries.")
    self.starts = starts
    self.columns = columns
    self.weights = weights
  }

  /// The number of rows.
  public var rows: Int { starts.count - 1 }

  /// The entries of a row.
  public func entries(of row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }

  /// The graph with every edge turned round, rows and columns being of the same number.
  func transposed() -> SparseGraph {
    var counts = [Int](repeating: 0, count: rows + 1)
    for column in columns { counts[Int(column) + 1] += 1 }
    for row in 0..<rows { counts[row + 1] += counts[row] }
    var next = counts
    var turned = [Int32](repeating: 0, count: columns.count)
    var turnedWeights = [Float](repeating: 0, count: columns.count)
    for row in 0..<rows {
      for entry in entries(of: row) {
        let place = next[Int(columns[entry])]
        next[Int(columns[entry])] += 1
        turned[place] = Int32(row)
        turnedWeights[place] = weights[entry]
      }
    }
    return SparseGraph(starts: counts, columns: turned, weights: turnedWeights)
  }

  /// The component each row is in, numbered by their first rows; edges count in both directions.
  public func components() -> (of: [Int], count: Int) {
    var parents = Array(0..<rows)
    func root(_ row: Int) -> Int {
      var top = row
      while parents[top] != top {
        parents[top] = parents[parents[top]]
        top = parents[top]
      }
      return top
    }
    for row in 0..<rows {
      for entry in entries(of: row) {
        let a = root(row)
        let b = root(Int(columns[entry]))
        if a != b { parents[max(a, b)] = min(a, b) }
      }
    }
    var numbers = [Int](repeating: -1, count: rows)
    var component = [Int](repeating: 0, count: rows)
    var count = 0
    for row in 0..<rows {
      let top = root(row)
      if numbers[top] < 0 {
        numbers[top] = count
        count += 1
      }
      component[row] = numbers[top]
    }
    return (component, count)
  }
}

extension SparseGraph {
  /// UMAP's fuzzy graph: memberships of neighbours, joined with those in the other direction by the
  /// probabilistic union a + b - a b.
  public init(fuzzy neighbors: Neighbors, smooth: SmoothDistances) {
    var starts = [0]
    var columns: [Int32] = []
    var weights: [Float] = []
    columns.reserveCapacity(neighbors.rows * neighbors.count)
    weights.reserveCapacity(neighbors.rows * neighbors.count)
    for row in 0..<neighbors.rows {
      let pairs = zip(neighbors.indices(of: row), neighbors.distances(of: row))
        .sorted { $0.0 < $1.0 }
      for (index, distance) in pairs {
        let weight = smooth.membership(row: row, distance: distance)
        guard weight > 0 else { continue }
        columns.append(index)
        weights.append(weight)
      }
      starts.append(columns.count)
    }
    let directed = SparseGraph(starts: starts, columns: columns, weights: weights)
    self = directed.union(directed.transposed())
  }

  private func union(_ other: SparseGraph) -> SparseGraph {
    var starts = [0]
    var joinedColumns: [Int32] = []
    var joinedWeights: [Float] = []
    joinedColumns.reserveCapacity(2 * columns.count)
    joinedWeights.reserveCapacity(2 * columns.count)
    starts.reserveCapacity(rows + 1)
    for row in 0..<rows {
      var mine = self.starts[row]
      var theirs = other.starts[row]
      let myEnd = self.starts[row + 1]
      let theirEnd = other.starts[row + 1]
      while mine < myEnd || theirs < theirEnd {
        let myColumn = mine < myEnd ? columns[mine] : .max
        let theirColumn = theirs < theirEnd ? other.columns[theirs] : .max
        joinedColumns.append(min(myColumn, theirColumn))
        if myColumn == theirColumn {
          let a = weights[mine]
          let b = other.weights[theirs]
          joinedWeights.append(a + b - a * b)
          mine += 1
          theirs += 1
        } else if myColumn < theirColumn {
          joinedWeights.append(weights[mine])
          mine += 1
        } else {
          joinedWeights.append(other.weights[theirs])
          theirs += 1
        }
      }
      starts.append(joinedColumns.count)
    }
    return SparseGraph(starts: starts, columns: joinedColumns, weights: joinedWeights)
  }
}
