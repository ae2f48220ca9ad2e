/// The mean row of each class in each unit.
struct UnitProfiles {
  let means: Matrix
  /// The label and the unit of each profile.
  let labels: [Int]
  let units: [Int]
  /// Whether a profile holds a query cell.
  let isQuery: [Bool]

  init(_ embedding: Matrix, labels: [Int], units: [Int], rows: [Int], queryRows: Set<Int>) {
    let groups = Dictionary(grouping: rows) { [labels[$0], units[$0]] }
      .sorted { ($0.key[0], $0.key[1]) < ($1.key[0], $1.key[1]) }
    var values: [Float] = []
    values.reserveCapacity(groups.count * embedding.columns)
    for (_, members) in groups { values += Self.mean(embedding, members) }
    means = Matrix(rows: groups.count, columns: embedding.columns, values: values)
    self.labels = groups.map { $0.key[0] }
    self.units = groups.map { $0.key[1] }
    isQuery = groups.map { $0.value.contains(where: queryRows.contains) }
  }

  static func mean(_ embedding: Matrix, _ rows: [Int]) -> [Float] {
    var sums = [Double](repeating: 0, count: embedding.columns)
    for row in rows {
      for (column, value) in embedding[row: row].enumerated() { sums[column] += Double(value) }
    }
    return sums.map { Float($0 / Double(max(1, rows.count))) }
  }
}
