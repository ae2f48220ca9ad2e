import ArrayFiles
import CytoselfAnalysis
import Foundation
import Testing

@Suite struct FeatureSpectrumTests {
  private struct Golden: Decodable {
    struct Case: Decodable {
      let rows: Int
      let columns: Int
      let points: [Double]
      let linkage: [Double]
      let leaves: [Int]
    }
    let linkage: [String: Case]
    let counts: [Double]
    let correlation: [Double]
  }

  private func golden() throws -> Golden { try Goldens.load("spectrum.json", as: Golden.self) }

  @Test(arguments: ["gaussian", "ties", "equal"])
  func linkageAgreesWithSciPy(name: String) throws {
    let expected = try #require(try golden().linkage[name])
    let found = AverageLinkage(
      expected.points, rows: expected.rows, columns: expected.columns)
    #expect(largestDifference(found.table, expected.linkage) < 1e-9)
    #expect(found.leafOrder == expected.leaves)
  }

  @Test func correlationAgreesWithNumPy() throws {
    let golden = try golden()
    let found = PearsonMatrix(columnsOf: golden.counts, rows: 7, columns: 9)
    #expect(largestDifference(found.values, golden.correlation) < 1e-12)
    // Column 4 is constant: no correlation, and no NaN.
    #expect((0..<9).allSatisfy { found.values[4 * 9 + $0] == 0 })
  }

  @Test(.enabled(if: Goldens.shared != nil)) func agreesWithUpstream() throws {
    let folder = try #require(Goldens.shared).appending(path: "golden/analysis")
    let matrix = try NPYFile(folder.appending(path: "cellid_by_code.npy"))
    let found = try FeatureSpectrum(
      proteins: (0..<40).map(String.init), cellCounts: [Int](repeating: 1, count: 40),
      histograms: matrix.doubles(), codes: 96)
    let correlation = try NPYFile(folder.appending(path: "code_correlation.npy")).doubles()
    let linkage = try NPYFile(folder.appending(path: "clustermap_linkage.npy")).doubles()
    let order = try NPYFile(folder.appending(path: "clustermap_row_order.npy")).int64s()
    #expect(largestDifference(found.correlation.values, correlation) < 1e-10)
    #expect(largestDifference(found.linkage.table, linkage) < 1e-9)
    #expect(found.leafOrder == order.map(Int.init))
  }

  @Test func histogramsAreMeansOverProteins() throws {
    // Codes of a 1 x 3 map for four cells of two proteins, one cell without a protein.
    let codes = Matrix(
      rows: 5, columns: 3, values: [0, 0, 1, 1, 1, 2, 3, 3, 3, 0, 3, 3, 2, 2, 2])
    let found = try FeatureSpectrum(
      codes, labels: ["a", "a", "b", "b", ""], countsCodes: true)
    #expect(found.proteins == ["a", "b"])
    #expect(found.cellCounts == [2, 2])
    #expect(found.histograms == [1, 1.5, 0.5, 0, 0.5, 0, 0, 2.5])
    #expect(found.spectrum(of: 0) == found.leafOrder.map { [1, 1.5, 0.5, 0][$0] })
    #expect(found.leafOrder.sorted() == [0, 1, 2, 3])
    let counted = try FeatureSpectrum(
      Matrix(rows: 2, columns: 2, values: [1, 3, 2, 5]), labels: ["x", "y"], countsCodes: false)
    #expect(counted.histograms == [1, 3, 2, 5])
  }

  @Test func refusesWhatHasNoSpectrum() {
    let histograms = Matrix(rows: 3, columns: 4, values: (0..<12).map { Float($0) })
    #expect {
      try FeatureSpectrum(histograms, labels: ["a", "a", "a"], countsCodes: false)
    } throws: { error in "\(error)".hasPrefix("1 proteins in the data; at least 2 are needed") }
    #expect {
      try FeatureSpectrum(
        Matrix(rows: 2, columns: 1), labels: ["a", "b"], countsCodes: false)
    } throws: { error in "\(error)".contains("1 codes") }
    #expect {
      try FeatureSpectrum(
        Matrix(rows: 2, columns: 2, values: [0, 1, 0.5, 2]), labels: ["a", "b"], countsCodes: true)
    } throws: { error in "\(error)".contains("row 1 holds the code 0.5") }
    var bad = histograms
    bad[1, 1] = .nan
    #expect {
      try FeatureSpectrum(bad, labels: ["a", "b", "b"], countsCodes: false)
    } throws: { error in "\(error)".contains("NaN") }
  }

  @Test func linkageIsATreeOfAllRows() {
    var generator = SeededGenerator(seed: 21)
    for rows in [1, 2, 3, 17, 64] {
      let values = (0..<rows * 3).map { _ in (generator.unit() * 4).rounded() }
      let found = AverageLinkage(values, rows: rows, columns: 3)
      #expect(found.leafOrder.sorted() == Array(0..<rows))
      #expect(found.joins.count == rows - 1)
      #expect(found.joins.map(\.distance) == found.joins.map(\.distance).sorted())
      if rows > 1 { #expect(found.joins.last?.count == rows) }
    }
  }
}
