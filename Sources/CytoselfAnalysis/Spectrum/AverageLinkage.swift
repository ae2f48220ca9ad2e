/// A tree of rows by average linkage: the two groups with the least mean distance are joined first.
///
/// The nearest-neighbour chain (F. Murtagh, "A survey of recent advances in hierarchical clustering
/// algorithms", 1983) takes time and memory of rows^2. Ties are settled as SciPy settles them, so
/// the table and the order of leaves are the same.
public struct AverageLinkage: Sendable, Equatable {
  /// One join of two groups.
  ///
  /// Groups below `rows` are single rows; group rows + i is join i.
  public struct Join: Sendable, Equatable {
    /// The group with the smaller number.
    public let first: Int
    /// The other group.
    public let second: Int
    /// Their mean distance.
    public let distance: Double
    /// How many rows they hold together.
    public let count: Int
  }

  /// The number of rows.
  public let rows: Int
  /// The joins, nearest first: the rows of SciPy's linkage matrix.
  public let joins: [Join]

  /// Joins rows by euclidean distance.
  public init(
    _ values: [Double], rows: Int, columns: Int, workers: Workers = Workers()
  ) {
    var distances = DoubleRows(rows: rows, columns: columns, values: values)
      .pairSums(of: .squaredDifference, workers: workers)
    for index in distances.indices { distances[index] = distances[index].squareRoot() }
    self.init(distances: distances, rows: rows)
  }

  /// Joins rows by a table of distances, [rows, rows].
  public init(distances: [Double], rows: Int) {
    precondition(distances.count == rows * rows, "A distance for every pair of rows is needed.")
    self.rows = rows
    var merges = Self.chain(distances, rows: rows)
    // Stable: joins at one distance stay in the order they were found.
    merges = merges.enumerated()
      .sorted { ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset) }
      .map(\.element)
    // Name each group by the join that made it.
    var parents = Array(0..<max(1, 2 * rows - 1))
    var counts = [Int](repeating: 1, count: max(1, 2 * rows - 1))
    func root(_ group: Int) -> Int {
      var top = group
      while parents[top] != top { top = parents[top] }
      var next = group
      while parents[next] != top { (parents[next], next) = (top, parents[next]) }
      return top
    }
    var joins: [Join] = []
    for (index, merge) in merges.enumerated() {
      let a = root(merge.first)
      let b = root(merge.second)
      let made = rows + index
      counts[made] = counts[a] + counts[b]
      parents[a] = made
      parents[b] = made
      joins.append(
        Join(first: min(a, b), second: max(a, b), distance: merge.distance, count: counts[made]))
    }
    self.joins = joins
  }

  /// The rows from one side of the tree to the other, the smaller group of a join first.
  public var leafOrder: [Int] {
    guard rows > 1 else { return Array(0..<rows) }
    var order: [Int] = []
    var stack = [2 * rows - 2]
    while let group = stack.popLast() {
      if group < rows {
        order.append(group)
      } else {
        stack.append(joins[group - rows].second)
        stack.append(joins[group - rows].first)
      }
    }
    return order
  }

  /// The groups that remain when the last joins are undone, as stretches of `leafOrder`.
  ///
  /// The same groups as SciPy's `fcluster` with `maxclust` gives where no two joins are equally far.
  ///
  /// - Parameter count: how many groups; the number of rows at most.
  public func clusters(_ count: Int) -> [Range<Int>] {
    precondition(count >= 1, "There is at least one group.")
    guard rows > 1 else { return [0..<rows] }
    let firstUndone = 2 * rows - 1 - (min(count, rows) - 1)
    var ranges: [Range<Int>] = []
    var stack = [2 * rows - 2]
    var start = 0
    while let group = stack.popLast() {
      if group >= firstUndone {
        stack.append(joins[group - rows].second)
        stack.append(joins[group - rows].first)
      } else {
        let size = group < rows ? 1 : joins[group - rows].count
        ranges.append(start..<start + size)
        start += size
      }
    }
    return ranges
  }

  /// SciPy's linkage matrix, [rows - 1, 4].
  public var table: [Double] {
    joins.flatMap { [Double($0.first), Double($0.second), $0.distance, Double($0.count)] }
  }

  private static func chain(
    _ distances: [Double], rows: Int
  ) -> [(first: Int, second: Int, distance: Double)] {
    var between = distances
    var sizes = [Int](repeating: 1, count: rows)
    var chain: [Int] = []
    var merges: [(first: Int, second: Int, distance: Double)] = []
    between.withUnsafeMutableBufferPointer { between in
      while merges.count < rows - 1 {
        if chain.isEmpty, let first = sizes.firstIndex(where: { $0 > 0 }) { chain.append(first) }
        var x = chain[chain.count - 1]
        var y = x
        var least = Double.infinity
        while true {
          x = chain[chain.count - 1]
          // The group before in the chain wins ties, or the chain could run in a circle.
          least = .infinity
          if chain.count > 1 {
            y = chain[chain.count - 2]
            least = between[x * rows + y]
          }
          for other in 0..<rows where sizes[other] > 0 && other != x {
            let distance = between[x * rows + other]
            if distance < least {
              least = distance
              y = other
            }
          }
          if chain.count > 1 && y == chain[chain.count - 2] { break }
          chain.append(y)
        }
        chain.removeLast(2)
        if x > y { swap(&x, &y) }
        merges.append((x, y, least))
        let nx = Double(sizes[x])
        let ny = Double(sizes[y])
        sizes[y] += sizes[x]
        sizes[x] = 0
        for other in 0..<rows where sizes[other] > 0 && other != y {
          let mean =
            (nx * between[x * rows + other] + ny * between[y * rows + other]) / (nx + ny)
          between[other * rows + y] = mean
          between[y * rows + other] = mean
        }
      }
    }
    return merges
  }
}
