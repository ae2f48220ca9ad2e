import CytoselfAnalysis
import Numerics
import Testing

@Suite struct PrincipalComponentsTests {
  private struct Golden: Decodable {
    let rows: Int
    let columns: Int
    let data: [Float]
    let variances: [Double]
    let shares: [Double]
    let components: [Float]
  }

  @Test func agreesWithScikitLearn() throws {
    let golden = try Goldens.load("principal_components.json", as: Golden.self)
    let data = Matrix(rows: golden.rows, columns: golden.columns, values: golden.data)
    let found = PrincipalComponents(data, count: 5)
    for index in 0..<5 {
      #expect(abs(found.variances[index] / golden.variances[index] - 1) < 1e-5)
      #expect(abs(found.explainedShares[index] / golden.shares[index] - 1) < 1e-5)
    }
    #expect(largestDifference(found.directions.values, golden.components) < 1e-4)
    let scores = found.transform(data)
    #expect(scores.columnMeans().allSatisfy { abs($0) < 1e-5 })
  }

  @Test func iterationReachesTheLeadingDirections() throws {
    // More columns than the basis holds: power iteration must find the planted directions.
    var generator = SplitMix64(seed: 3, stream: 0)
    var data = randomMatrix(rows: 500, columns: 300, seed: 12)
    for row in 0..<500 {
      for axis in 0..<4 {
        let score = Float(generator.normal()) * Float(40 - 8 * axis)
        data[row, axis * 7] += score
      }
    }
    let found = PrincipalComponents(data, count: 4)
    for axis in 0..<4 { #expect(found.directions[axis, axis * 7] > 0.99) }
    #expect(found.variances == found.variances.sorted(by: >))
  }

  @Test func doesNotDependOnThreads() {
    let data = randomMatrix(rows: 700, columns: 90, seed: 6)
    let one = PrincipalComponents(data, count: 8, workers: Workers(1))
    let four = PrincipalComponents(data, count: 8, workers: Workers(4))
    #expect(one.directions == four.directions)
    #expect(one.variances == four.variances)
  }

  @Test func constantDataHasNoVariance() {
    let found = PrincipalComponents(Matrix(rows: 10, columns: 4), count: 2)
    #expect(found.totalVariance == 0)
    #expect(found.variances == [0, 0])
    #expect(found.explainedShares == [0, 0])
  }
}
