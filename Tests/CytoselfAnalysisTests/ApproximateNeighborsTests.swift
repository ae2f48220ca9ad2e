import CytoselfAnalysis
import Testing

@Suite struct ApproximateNeighborsTests {
  @Test(arguments: Metric.allCases)
  func findsNearlyAllTrueNeighbours(metric: Metric) throws {
    let data = randomMatrix(rows: 4000, columns: 12, seed: 3)
    let exact = try ExactNeighbors(metric: metric).search(data, count: 14)
    let found = try ApproximateNeighbors(metric: metric, seed: 1).search(data, count: 14)
    let recall = found.recall(against: exact)
    print("FAISS, \(metric.rawValue): recall \(recall), measured on a sample \(found.recall ?? 0)")
    #expect(recall >= 0.98)
    #expect(abs(recall - (found.recall ?? 0)) < 0.01)
    #expect(found.method.hasPrefix("FAISS, "))
    for row in 0..<data.rows {
      #expect(!found.indices(of: row).contains(Int32(row)))
      #expect(Set(found.indices(of: row)).count == 14)
    }
    // What both found lies at the same distance.
    for row in 0..<200 {
      let known = Dictionary(
        uniqueKeysWithValues: zip(exact.indices(of: row), exact.distances(of: row)))
      for (index, distance) in zip(found.indices(of: row), found.distances(of: row)) {
        guard let expected = known[index] else { continue }
        #expect(abs(distance - expected) <= 1e-5 * max(1, expected))
      }
    }
  }

  /// Also where there are more centres than are compared at once.
  @Test func sameSeedSameTable() throws {
    let data = randomMatrix(rows: 20_000, columns: 8, seed: 5)
    let table = try ApproximateNeighbors(seed: 2, workers: Workers(1)).search(data, count: 10)
    for threads in [1, 3] {
      let again = ApproximateNeighbors(seed: 2, workers: Workers(threads))
      #expect(try again.search(data, count: 10) == table)
    }
    #expect(table.method.hasSuffix(" of 565 lists"))
    #expect(try ApproximateNeighbors(seed: 3).search(data, count: 10) != table)
  }

  @Test func searchInABaseFindsTheRowsThemselves() throws {
    let base = randomMatrix(rows: 2000, columns: 6, seed: 6)
    let asked = Array(stride(from: 0, to: 2000, by: 7))
    let found = try ApproximateNeighbors().search(base.selecting(asked), in: base, count: 3)
    for (place, row) in asked.enumerated() {
      #expect(found.indices(of: place).first == Int32(row))
      #expect(found.distances(of: place).first == 0)
    }
  }

  /// Lists of few rows, rows that are all the same, and nearly as many neighbours as rows.
  @Test func oddTablesWork() throws {
    let small = randomMatrix(rows: 40, columns: 3, seed: 7)
    let all = try ApproximateNeighbors().search(small, count: 39)
    #expect(all.recall(against: try ExactNeighbors().search(small, count: 39)) == 1)
    let same = try ApproximateNeighbors().search(Matrix(rows: 500, columns: 2), count: 14)
    #expect(same.distances.allSatisfy { $0 == 0 })
    for row in 0..<500 { #expect(!same.indices(of: row).contains(Int32(row))) }
    // Two lists' worth of rows far from all others.
    var apart = randomMatrix(rows: 1000, columns: 2, seed: 8)
    for row in 0..<20 { apart[row, 0] += 1e4 * Float(row) }
    let found = try ApproximateNeighbors().search(apart, count: 14)
    #expect(found.indices.allSatisfy { (0..<1000).contains($0) })
  }

  @Test func theSizeChoosesTheMethod() throws {
    let data = randomMatrix(rows: 600, columns: 4, seed: 9)
    let exact = try NeighborSearch().search(data, count: 5)
    #expect(exact.method == "exact")
    #expect(exact.recall == nil)
    let quick = NeighborSearch(mostExactWork: 1000)
    #expect(try quick.search(data, count: 5).method.hasPrefix("FAISS"))
    #expect(try quick.search(data, in: data, count: 5).method.hasPrefix("FAISS"))
    #expect(try (quick.search(data, count: 5).recall ?? 0) >= ApproximateNeighbors.wantedRecall)
  }

  @Test func refusesWhatExactSearchRefuses() {
    let data = randomMatrix(rows: 20, columns: 2, seed: 1)
    let search = ApproximateNeighbors()
    #expect(throws: AnalysisError.self) { try search.search(data, count: 20) }
    #expect(throws: AnalysisError.self) { try search.search(data, count: 0) }
    #expect(throws: AnalysisError.self) {
      try search.search(Matrix(rows: 3, columns: 5), in: data, count: 2)
    }
    var bad = data
    bad[7, 1] = .infinity
    #expect(throws: AnalysisError.notFinite(source: "cells.npy", rows: [7], count: 1)) {
      try search.search(bad, count: 3, source: "cells.npy")
    }
    #expect(throws: AnalysisError.noDirection(source: "x", row: 0, metric: "cosine")) {
      try ApproximateNeighbors(metric: .cosine)
        .search(Matrix(rows: 30, columns: 2), count: 3, source: "x")
    }
  }
}
