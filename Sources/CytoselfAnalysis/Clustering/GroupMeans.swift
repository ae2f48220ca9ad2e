/// The mean row of each group of rows, such as one profile for each protein.
public struct GroupMeans: Sendable, Equatable {
  /// The names of the groups, sorted.
  public let names: [String]
  /// The number of rows behind each mean.
  public let counts: [Int]
  /// The means, [groups, columns], summed in double precision.
  public let means: Matrix

  private static let blockFloats = 1 << 20

  /// Averages the chosen rows of a source by group, a block of rows at a time.
  ///
  /// - Parameters:
  ///   - labels: the group of each row of the source; rows with an empty one are left out.
  ///   - includes: whether a row counts; all do by default.
  ///   - source: the rows.
  /// - Throws: what reading the source throws.
  public init<Source: RowSource>(
    _ source: Source, labels: [String], includes: (Int) -> Bool = { _ in true }
  ) throws(Source.Failure) {
    precondition(labels.count == source.rows, "Every row has a label.")
    let rows = labels.indices.filter { !labels[$0].isEmpty && includes($0) }
    let grouping = Grouping(rows.map { labels[$0] })
    let columns = source.columns
    var sums = [Double](repeating: 0, count: grouping.names.count * columns)
    var next = 0
    let step = max(1, Self.blockFloats / max(1, columns))
    for start in stride(from: 0, to: source.rows, by: step) {
      let range = start..<min(source.rows, start + step)
      var values = [Float](repeating: 0, count: range.count * columns)
      try values.withUnsafeMutableBufferPointer { buffer throws(Source.Failure) in
        guard let base = buffer.baseAddress else { return }
        try source.read(range, into: base)
      }
      while next < rows.count, rows[next] < range.upperBound {
        let from = (rows[next] - start) * columns
        let to = grouping.codes[next] * columns
        for column in 0..<columns { sums[to + column] += Double(values[from + column]) }
        next += 1
      }
    }
    names = grouping.names
    counts = grouping.sizes
    let sizes = grouping.sizes
    means = Matrix(
      rows: sizes.count, columns: columns,
      values: sums.indices.map { Float(sums[$0] / Double(max(1, sizes[$0 / columns]))) })
  }
}
