import CytoselfAnalysis
import Foundation
import Numerics
import Testing

@Suite struct UMAPTests {
  /// Leave-one-out accuracy of five neighbours.
  private func accuracy(_ map: Matrix, _ classes: [Int]) throws -> Double {
    let votes = try ExactNeighbors().search(map, count: 5).vote(classes, k: 5)
    return Double(zip(votes, classes).filter { $0 == $1 }.count) / Double(classes.count)
  }

  @Test func keepsNeighboursTogether() throws {
    let golden = try UMAPStages.load()
    let map = try UMAP().fit(golden.matrix)
    let trust = try Trustworthiness.measure(map.positions, of: golden.matrix)
    #expect(trust > 0.93)
    #expect(try accuracy(map.positions, golden.label) > 0.97)
    #expect(map.positions.values.allSatisfy { $0.isFinite })
  }

  @Test(.enabled(if: Goldens.shared != nil), arguments: [UInt64(0), 1])
  func mapsDigitsAsWellAsUMAPLearn(seed: UInt64) throws {
    let (data, classes) = try Goldens.table("data/umap/digits.csv")
    var settings = UMAPSettings()
    settings.seed = seed
    let map = try UMAP(settings).fit(data)
    let trust = try Trustworthiness.measure(map.positions, of: data)
    let found = try accuracy(map.positions, classes)
    print("digits, seed \(seed): trustworthiness \(trust), five neighbours \(found)")
    #expect(trust >= 0.985)
    #expect(found >= 0.97)
  }

  @Test func sameSeedSameBytesOnAnyNumberOfThreads() throws {
    let data = randomMatrix(rows: 1300, columns: 6, seed: 4)
    var settings = UMAPSettings()
    settings.epochs = 30
    settings.seed = 9
    let one = try UMAP(settings, workers: Workers(1)).fit(data)
    let again = try UMAP(settings, workers: Workers(1)).fit(data)
    let three = try UMAP(settings, workers: Workers(3)).fit(data)
    #expect(one.positions == again.positions)
    #expect(one.positions == three.positions)
    settings.seed = 10
    #expect(try UMAP(settings).fit(data).positions != one.positions)
  }

  /// Two rows that are each other's nearest, far from a crowd they also belong to, must come nearer: when
  /// they moved in turns, each leapt over the other, and away.
  @Test(arguments: [UInt64(0), 1, 2]) func farPairsDoNotRunAway(seed: UInt64) {
    let crowd = 400
    var generator = SplitMix64(seed: seed, stream: 0)
    var joined = [[Int: Float]](repeating: [:], count: crowd + 2)
    func join(_ a: Int, _ b: Int, _ weight: Float) {
      joined[a][b] = weight
      joined[b][a] = weight
    }
    for row in 0..<crowd {
      for step in 1...6 { join(row, (row + step) % crowd, 0.7) }
    }
    join(crowd, crowd + 1, 1)
    for row in [crowd, crowd + 1] {
      for _ in 0..<6 { join(row, generator.next(below: crowd), 0.3) }
    }
    var starts = [0]
    var columns: [Int32] = []
    var weights: [Float] = []
    for neighbors in joined {
      for (column, weight) in neighbors.sorted(by: { $0.key < $1.key }) {
        columns.append(Int32(column))
        weights.append(weight)
      }
      starts.append(columns.count)
    }
    var positions = (0..<2 * crowd).map { _ in Float(generator.normal()) }
    positions += [25, 0, 25.3, 0]
    let moved = LayoutOptimizer(
      curve: MembershipCurve(minDistance: 0.1, spread: 1), epochs: 200, negativeRate: 5, rate: 1,
      seed: seed, workers: Workers(1)
    ).run(
      positions, dimensions: 2,
      graph: SparseGraph(starts: starts, columns: columns, weights: weights))
    let middle = (0..<2).map { axis in
      (0..<crowd).reduce(0) { $0 + moved[2 * $1 + axis] } / Float(crowd)
    }
    for row in [crowd, crowd + 1] {
      let apart = hypot(moved[2 * row] - middle[0], moved[2 * row + 1] - middle[1])
      #expect(apart < 25, "row \(row) is \(apart) from the crowd")
    }
  }

  @Test(arguments: [1, 3, 5, 40])
  func anyDimension(dimensions: Int) throws {
    let golden = try UMAPStages.load()
    var settings = UMAPSettings()
    settings.dimensions = dimensions
    settings.epochs = 100
    let map = try UMAP(settings).fit(golden.matrix)
    #expect(map.positions.columns == dimensions)
    #expect(map.positions.values.allSatisfy { $0.isFinite })
    let trust = try Trustworthiness.measure(map.positions, of: golden.matrix)
    #expect(trust > 0.88)
  }

  @Test func newRowsLandAmongTheirOwn() throws {
    let golden = try UMAPStages.load()
    let odd = (0..<golden.rows).filter { $0 % 5 == 0 }
    let rest = (0..<golden.rows).filter { $0 % 5 != 0 }
    let map = try UMAP().fit(golden.matrix.selecting(rest))
    let placed = try map.transform(golden.matrix.selecting(odd))
    let near = try ExactNeighbors().search(placed, in: map.positions, count: 5)
    let votes = near.vote(rest.map { golden.label[$0] }, k: 5)
    let right = zip(votes, odd).filter { $0 == golden.label[$1] }.count
    #expect(Double(right) / Double(odd.count) > 0.95)
    #expect(try map.transform(golden.matrix.selecting(odd), workers: Workers(3)) == placed)
  }

  @Test func degenerateInputsWork() throws {
    var settings = UMAPSettings()
    settings.epochs = 20
    let umap = try UMAP(settings)
    // Two far groups without an edge between them, and one of a single pair of rows.
    var apart = randomMatrix(rows: 60, columns: 4, seed: 1)
    for row in 30..<60 { for column in 0..<4 { apart[row, column] += 1000 } }
    settings.neighbors = 5
    for data in [
      apart, Matrix(rows: 50, columns: 3),  // every row equal
      Matrix(rows: 40, columns: 2, values: (0..<40).flatMap { [Float($0 % 4), 7] }),  // duplicates
      randomMatrix(rows: 5, columns: 3, seed: 2),  // fewer rows than neighbours
      randomMatrix(rows: 4, columns: 1, seed: 3),
    ] {
      for projection in [umap, try UMAP(settings)] {
        let map = try projection.fit(data)
        #expect(map.positions.rows == data.rows)
        #expect(map.positions.values.allSatisfy { $0.isFinite })
        let placed = try map.transform(data)
        #expect(placed.values.allSatisfy { $0.isFinite })
      }
    }
  }

  @Test func refusesWhatCannotWork() throws {
    #expect(throws: AnalysisError.self) { try UMAP().fit(Matrix(rows: 3, columns: 2)) }
    var bad = randomMatrix(rows: 30, columns: 2, seed: 1)
    bad[4, 0] = .nan
    #expect(throws: AnalysisError.notFinite(source: "cells.npy", rows: [4], count: 1)) {
      try UMAP().fit(bad, source: "cells.npy")
    }
    var settings = UMAPSettings()
    settings.dimensions = 65
    #expect(throws: AnalysisError.self) { try UMAP(settings) }
    settings = UMAPSettings()
    settings.minDistance = 1.5
    #expect(throws: AnalysisError.self) { try UMAP(settings) }
    settings = UMAPSettings()
    settings.neighbors = 1
    #expect(throws: AnalysisError.self) { try UMAP(settings) }
  }
}
