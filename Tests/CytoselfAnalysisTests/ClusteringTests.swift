import ArrayFiles
import CytoselfAnalysis
import Foundation
import Testing

/// Numbers are those that tools/reference/clustering_goldens.py prints.
@Suite struct ClusteringTests {
  /// The labels the script draws.
  private func labels(_ seed: UInt64, _ count: Int, _ classes: UInt64) -> [Int] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % classes)
    }
  }

  @Test func agreementIsScikitLearns() {
    func expect(_ one: [Int], _ other: [Int], _ rand: Double, _ mutual: Double) {
      let agreement = PartitionAgreement(one, other)
      #expect(abs(agreement.adjustedRandIndex - rand) < 1e-12)
      #expect(abs(agreement.adjustedMutualInformation - mutual) < 1e-10)
      let turned = PartitionAgreement(other, one)
      #expect(abs(turned.adjustedRandIndex - rand) < 1e-12)
      #expect(abs(turned.adjustedMutualInformation - mutual) < 1e-10)
    }
    expect(
      [0, 0, 0, 1, 1, 1, 2, 2, 2, 2], [0, 0, 1, 1, 1, 2, 2, 2, 2, 0], 0.20454545454545456,
      0.23728877770133558)
    let first = labels(1, 500, 7)
    let mixed = zip(first, zip(labels(2, 500, 97), labels(3, 500, 11))).map {
      $1.0 % 3 == 0 ? $1.1 : $0
    }
    expect(first, mixed, 0.4481312675765584, 0.42791608357471483)
    expect(first, labels(5, 500, 300), -0.0009538921526580219, -0.00886365169040668)
    expect([4, 4, 9], [1, 1, 0], 1, 1)
    expect([0, 0, 0], [7, 7, 7], 1, 1)
    expect([0, 0, 0, 0, 0], [0, 1, 2, 3, 4], 0, 0)
  }

  /// Two cliques of five joined by one edge.
  private let cliques: SparseGraph = {
    var starts = [0]
    var columns: [Int32] = []
    for row in 0..<10 {
      var others = (row / 5 * 5..<row / 5 * 5 + 5).filter { $0 != row }
      if row == 4 { others.append(5) }
      if row == 5 { others.insert(4, at: 0) }
      columns += others.map(Int32.init)
      starts.append(columns.count)
    }
    return SparseGraph(
      starts: starts, columns: columns, weights: [Float](repeating: 1, count: columns.count))
  }()

  @Test func cliquesAreCommunities() throws {
    let found = try Leiden(resolution: 1).communities(of: cliques)
    #expect(found.codes == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
    #expect(found.sizes == [5, 5])
    // 21 edges, 20 inside; each side has 21 of the 42 ends.
    #expect(abs(found.quality - (20.0 / 21 - 0.5)) < 1e-12)
    #expect(try Leiden(resolution: 0.01).communities(of: cliques).sizes == [10])
    #expect(try Leiden(resolution: 100).communities(of: cliques).sizes.count == 10)
    #expect(throws: AnalysisError.self) { try Leiden(resolution: 0) }
    let lonely = SparseGraph(starts: [0, 0, 0], columns: [], weights: [])
    #expect(try Leiden().communities(of: lonely).codes == [0, 1])
  }

  /// leidenalg reaches these qualities on the same graph in its best of ten seeds.
  @Test(
    .enabled(if: Goldens.shared != nil), arguments: [(0.3, 0.94489), (1, 0.88039), (3, 0.75998)])
  func digitsArePartedAsWellAsByLeidenalg(resolution: Double, quality: Double) throws {
    let (data, classes) = try Goldens.table("data/umap/digits.csv")
    let neighbors = try ExactNeighbors().search(data, count: 14)
    let graph = SparseGraph(fuzzy: neighbors, smooth: SmoothDistances(neighbors))
    let found = try (0..<10).map { seed in
      try Leiden(resolution: resolution, seed: UInt64(seed)).communities(of: graph)
    }
    let best = found.map(\.quality).max() ?? 0
    let agreement = found.map { PartitionAgreement($0.codes, classes).adjustedRandIndex }
    print("resolution \(resolution): best quality \(best), agreement \(agreement)")
    #expect(best > quality - 5e-4)
    #expect(found[0] == (try Leiden(resolution: resolution, seed: 0).communities(of: graph)))
  }

  @Test func sweepFindsTheScaleOfTheGroups() throws {
    let groups = (0..<10).map { $0 == 9 ? nil : $0 < 5 ? "left" : "right" }
    var shares: [Double] = []
    let sweep = try ResolutionSweep(
      cliques, groups: groups, resolutions: [100, 1, 0.01], seeds: 3
    ) { shares.append($0) }
    #expect(sweep.points.map(\.resolution) == [0.01, 1, 100])
    #expect(sweep.comparedRows == 9)
    #expect(sweep.best?.resolution == 1)
    #expect(sweep.points[1].adjustedRandIndex == [1, 1, 1])
    #expect(sweep.points[0].communities == [1, 1, 1])
    #expect(sweep.points[0].adjustedRandIndex == [0, 0, 0])
    #expect(shares.count == 9 && shares.last == 1 && shares == shares.sorted())
    let error = #expect(throws: AnalysisError.self) {
      try ResolutionSweep(
        cliques, groups: (0..<10).map { _ in "same" }, resolutions: [1], seeds: 1)
    }
    #expect(error?.description.contains("1 known groups; at least 2") == true)
    let scale = ResolutionSweep.logarithmic(from: 0.1, to: 1000, count: 5)
    for (found, expected) in zip(scale, [0.1, 1, 10, 100, 1000]) {
      #expect(abs(found / expected - 1) < 1e-12)
    }
  }

  @Test func meansAreThoseOfTheChosenRows() throws {
    let rows = Matrix(rows: 5, columns: 2, values: [1, 2, 3, 4, 5, 6, 7, 8, 100, 100])
    let means = GroupMeans(rows, labels: ["b", "a", "b", "", "a"]) { $0 != 4 }
    #expect(means.names == ["a", "b"])
    #expect(means.counts == [1, 2])
    #expect(means.means.values == [3, 4, 3, 4])
  }
}
