import ArrayFiles
import CytoselfAnalysis
import Foundation
import Testing

@Suite struct ClusterScoreTests {
  private let labels = ["a", "a", "a", "b", "b", "b", "others"]
  private let map = Matrix(
    rows: 7, columns: 2, values: [0, 0, 1, 0, 2, 0, 10, 4, 11, 4, 12, 4, 90, 90])

  @Test func scoresByHand() throws {
    let score = try ClusterScore(map, labels: labels, ignoring: ["others"])
    #expect(score.clusters.map(\.name) == ["a", "b"])
    #expect(score.clusters[0].centroid == [1, 0])
    #expect(score.clusters[1].centroid == [11, 4])
    #expect(score.clusters.map(\.size) == [1, 1])
    // Deviations of (1, 11) and of (0, 4): 5 and 2.
    #expect(score.perAxis == 3.5)
    // All four have the mean 4 and the squares 9, 49, 16, 0.
    #expect(abs(score.pooled - 18.5.squareRoot()) < 1e-12)
  }

  @Test func shiftingTheMapChangesOnlyThePooledScore() throws {
    var shifted = map
    for row in 0..<7 { shifted[row, 0] += 50 }
    let before = try ClusterScore(map, labels: labels)
    let after = try ClusterScore(shifted, labels: labels)
    #expect(before.perAxis == after.perAxis)
    #expect(before.pooled != after.pooled)
  }

  @Test(.enabled(if: Goldens.shared != nil)) func agreesWithUpstream() throws {
    let folder = try #require(Goldens.shared).appending(path: "golden/analysis")
    let points = try NPYFile(folder.appending(path: "umap_points.npy"))
    // The labels are fixed-width unicode: six 4-byte characters each.
    let bytes = try Data(contentsOf: folder.appending(path: "umap_labels.npy")).suffix(400 * 24)
    let text = Array(bytes)
    var labels: [String] = []
    for row in 0..<400 {
      let characters = (0..<6).map { text[row * 24 + $0 * 4] }
      labels.append(String(decoding: characters.filter { $0 != 0 }, as: UTF8.self))
    }
    let score = try ClusterScore(
      Matrix(rows: 400, columns: 2, values: points.floats()), labels: labels)
    #expect(abs(score.perAxis - 3.953027451504771) < 1e-6)
    #expect(abs(score.pooled - 4.16981903873894) < 1e-6)
    #expect(abs(score.medianSize - 1.14100475) < 1e-6)
    #expect(abs(score.clusters[0].centroid[0] + 0.57711196) < 1e-6)
  }

  @Test func refusesWhatCannotBeScored() {
    #expect(throws: AnalysisError.self) {
      try ClusterScore(map, labels: [String](repeating: "a", count: 7))
    }
    #expect(throws: AnalysisError.self) {
      try ClusterScore(Matrix(rows: 2, columns: 2), labels: ["a", "b"])
    }
  }
}
