import CytoselfAnalysis
import Testing

@Suite struct UMAPStageTests {
  @Test func sigmasAndRhosAgreeWithUMAPLearn() throws {
    let golden = try UMAPStages.load()
    let smooth = SmoothDistances(
      try ExactNeighbors().search(golden.matrix, count: golden.neighbors - 1))
    #expect(largestDifference(smooth.sigmas, golden.sigmas) < 2e-5)
    #expect(largestDifference(smooth.rhos, golden.rhos) < 1e-6)
  }

  @Test func fuzzyGraphAgreesWithUMAPLearn() throws {
    let golden = try UMAPStages.load()
    let graph = try Self.graph(golden)
    #expect(graph.columns == golden.col)
    let rows = (0..<graph.rows).flatMap { row in graph.entries(of: row).map { _ in row } }
    #expect(rows == golden.row)
    #expect(largestDifference(graph.weights, golden.weight) < 2e-5)
  }

  @Test func curveAgreesWithUMAPLearn() throws {
    for (settings, expected) in try UMAPStages.load().ab {
      let numbers = settings.split(separator: ",").compactMap { Double($0) }
      let curve = MembershipCurve(minDistance: numbers[0], spread: numbers[1])
      #expect(abs(curve.a - expected[0]) < 1e-5 * expected[0])
      #expect(abs(curve.b - expected[1]) < 1e-5 * expected[1])
    }
  }

  @Test func spectrumAgreesWithSciPy() throws {
    let golden = try UMAPStages.load()
    // The first cluster alone makes a connected graph.
    let neighbors = try ExactNeighbors().search(
      golden.matrix.selecting(Array(0..<50)), count: golden.neighbors - 1)
    let graph = SparseGraph(fuzzy: neighbors, smooth: SmoothDistances(neighbors))
    let found = GraphSpectrum(graph, count: 2, tolerance: 1e-9, seed: 0)
    #expect(graph.components().count == 1)
    #expect(
      largestDifference(found.eigenvalues, Array(golden.laplacian_eigenvalues[1...2])) < 1e-5)
    for axis in 0..<2 {
      let overlap = (0..<50).reduce(0.0) {
        $0 + found.vectors[axis][$1] * golden.laplacian_vectors[$1 * 2 + axis]
      }
      #expect(abs(overlap) > 0.9999)
    }
  }

  @Test func trustworthinessAgreesWithScikitLearn() throws {
    let golden = try UMAPStages.load()
    let data = golden.matrix
    let flat = Matrix(
      rows: golden.rows, columns: 2,
      values: (0..<golden.rows).flatMap { [data[$0, 0], data[$0, 1]] })
    let found = try Trustworthiness.measure(flat, of: data)
    #expect(abs(found - golden.trustworthiness) < 1e-9)
  }

  static func graph(_ golden: UMAPStages) throws -> SparseGraph {
    let neighbors = try ExactNeighbors().search(golden.matrix, count: golden.neighbors - 1)
    return SparseGraph(fuzzy: neighbors, smooth: SmoothDistances(neighbors))
  }
}
