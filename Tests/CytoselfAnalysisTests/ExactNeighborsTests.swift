import CytoselfAnalysis
import Testing

@Suite struct ExactNeighborsTests {
  @Test(arguments: Metric.allCases)
  func agreesWithScikitLearn(metric: Metric) throws {
    let golden = try UMAPStages.load()
    let table = try #require(golden.knn[metric.rawValue])
    let found = try ExactNeighbors(metric: metric).search(
      golden.matrix, count: golden.neighbors - 1)
    for row in 0..<golden.rows {
      let range = row * golden.neighbors + 1..<(row + 1) * golden.neighbors
      #expect(Array(found.indices(of: row)) == Array(table.indices[range]))
      let difference = largestDifference(
        Array(found.distances(of: row)), Array(table.distances[range]))
      #expect(difference < 2e-6)
    }
  }

  @Test(arguments: [(1000, 7), (385, 33), (10, 3), (769, 1)])
  func agreesWithSorting(rows: Int, columns: Int) throws {
    let data = randomMatrix(rows: rows, columns: columns, seed: 5)
    let count = min(9, rows - 1)
    let found = try ExactNeighbors().search(data, count: count)
    for row in stride(from: 0, to: rows, by: max(1, rows / 25)) {
      var sorted: [(Float, Int32)] = []
      for other in 0..<rows where other != row {
        var square: Float = 0
        for column in 0..<columns {
          let difference = data[row, column] - data[other, column]
          square += difference * difference
        }
        sorted.append((square.squareRoot(), Int32(other)))
      }
      sorted.sort { $0 < $1 }
      let distances = sorted.prefix(count).map(\.0)
      #expect(largestDifference(Array(found.distances(of: row)), distances) < 1e-5)
      #expect(Set(found.indices(of: row)) == Set(sorted.prefix(count).map(\.1)))
    }
  }

  @Test func doesNotDependOnThreads() throws {
    let data = randomMatrix(rows: 1500, columns: 20, seed: 8)
    let one = try ExactNeighbors(workers: Workers(1)).search(data, count: 15)
    let four = try ExactNeighbors(workers: Workers(4)).search(data, count: 15)
    #expect(one == four)
  }

  @Test func searchInABaseFindsTheRowsThemselves() throws {
    let data = randomMatrix(rows: 900, columns: 12, seed: 2)
    let found = try ExactNeighbors().search(data.selecting([3, 899, 41]), in: data, count: 4)
    #expect(found.indices(of: 0).first == 3)
    #expect(found.indices(of: 1).first == 899)
    #expect(found.indices(of: 2).first == 41)
    #expect(found.distances(of: 0).first == 0)
  }

  @Test func tiesGoToTheSmallerRow() throws {
    let data = Matrix(rows: 5, columns: 1, values: [0, 1, -1, 1, -1])
    let found = try ExactNeighbors().search(data, count: 4)
    #expect(Array(found.indices(of: 0)) == [1, 2, 3, 4])
  }

  @Test func offsetsDoNotSpoilDistances() throws {
    // Far from the origin |x|^2 + |y|^2 - 2xy alone would lose every digit.
    var data = randomMatrix(rows: 400, columns: 5, seed: 9)
    let near = try ExactNeighbors().search(data, count: 5)
    for index in data.values.indices { data.values[index] = (data.values[index] * 64).rounded() }
    let plain = try ExactNeighbors().search(data, count: 5)
    for index in data.values.indices { data.values[index] += 100_000 }
    let far = try ExactNeighbors().search(data, count: 5)
    #expect(far == plain)
    #expect(near.recall(against: plain) > 0.9)
  }

  @Test func refusesWhatCannotWork() {
    let data = randomMatrix(rows: 4, columns: 2, seed: 1)
    #expect(throws: AnalysisError.self) { try ExactNeighbors().search(data, count: 4) }
    #expect(throws: AnalysisError.self) { try ExactNeighbors().search(data, count: 0) }
    var bad = randomMatrix(rows: 20, columns: 2, seed: 1)
    bad[7, 1] = .nan
    bad[11, 0] = .infinity
    #expect(throws: AnalysisError.notFinite(source: "x.npy", rows: [7, 11], count: 2)) {
      try ExactNeighbors().search(bad, count: 3, source: "x.npy")
    }
    let zero = Matrix(rows: 3, columns: 2, values: [1, 2, 0, 0, 3, 3])
    #expect(throws: AnalysisError.noDirection(source: "x.npy", row: 1, metric: "cosine")) {
      try ExactNeighbors(metric: .cosine).search(zero, count: 1, source: "x.npy")
    }
    #expect(throws: AnalysisError.noDirection(source: "x.npy", row: 1, metric: "correlation")) {
      try ExactNeighbors(metric: .correlation).search(zero, count: 1, source: "x.npy")
    }
    #expect(throws: AnalysisError.self) {
      try ExactNeighbors().search(randomMatrix(rows: 2, columns: 3, seed: 1), in: data, count: 1)
    }
  }
}
