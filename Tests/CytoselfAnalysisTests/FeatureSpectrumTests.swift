import ArrayFiles
import CytoselfAnalysis
import Foundation
import Numerics
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

  /// Sums over pairs are made in tiles: every remainder of rows and columns, against plain loops.
  @Test(arguments: [(2, 3), (5, 7), (9, 65), (13, 130), (257, 66), (300, 71)])
  func correlationsAreThoseOfPlainLoops(rows: Int, columns: Int) {
    var generator = SplitMix64(seed: UInt64(rows * 1000 + columns), stream: 0)
    let values = (0..<rows * columns).map { _ in generator.normal() }
    func column(_ index: Int) -> [Double] {
      let column = (0..<rows).map { values[$0 * columns + index] }
      let mean = column.reduce(0, +) / Double(rows)
      let length = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
      return column.map { ($0 - mean) / length }
    }
    let units = (0..<columns).map(column)
    let found = PearsonMatrix(
      columnsOf: values, rows: rows, columns: columns, workers: Workers(3))
    var largest = 0.0
    for i in 0..<columns {
      for j in 0..<columns {
        let expected = zip(units[i], units[j]).reduce(0) { $0 + $1.0 * $1.1 }
        largest = max(largest, abs(found.values[i * columns + j] - expected))
        #expect(found.values[i * columns + j] == found.values[j * columns + i])
      }
    }
    #expect(largest < 1e-12, "\(largest)")
    #expect(
      found
        == PearsonMatrix(columnsOf: values, rows: rows, columns: columns, workers: Workers(1)))
  }

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
    let found = try CodeTree(
      CodeHistograms(
        proteins: (0..<40).map(String.init), cellCounts: [Int](repeating: 1, count: 40),
        values: matrix.doubles(), codes: 96))
    let correlation = try NPYFile(folder.appending(path: "code_correlation.npy")).doubles()
    let linkage = try NPYFile(folder.appending(path: "clustermap_linkage.npy")).doubles()
    let order = folder.appending(path: "clustermap_row_order.npy")
    #expect(largestDifference(found.correlation.values, correlation) < 1e-10)
    #expect(largestDifference(found.linkage.table, linkage) < 1e-9)
    #expect(try found.order == FeatureOrder(contentsOf: order, count: 96))
  }

  @Test func histogramsAreMeansOverProteins() throws {
    // Codes of a 1 x 3 map for four cells of two proteins, one cell without a protein.
    let codes = Matrix(
      rows: 5, columns: 3, values: [0, 0, 1, 1, 1, 2, 3, 3, 3, 0, 3, 3, 2, 2, 2])
    let layer = try CodeLayer(codes, holdsCodes: true)
    let found = try layer.means(of: ["a", "a", "b", "b", ""])
    #expect(found.proteins == ["a", "b"])
    #expect(found.cellCounts == [2, 2])
    #expect(found.values == [1, 1.5, 0.5, 0, 0.5, 0, 0, 2.5])
    #expect(found.histogram(of: 1) == [0.5, 0, 0, 2.5])
    #expect(try layer.histogram(ofCell: 3) == [1, 0, 0, 2])
    let tree = try CodeTree(found)
    #expect(tree.order.spectrum(of: [5, 6, 7, 8]) == tree.order.codes.map { [5, 6, 7, 8][$0] })
    #expect(tree.order.codes.sorted() == [0, 1, 2, 3])
    let counted = try CodeLayer(
      Matrix(rows: 2, columns: 2, values: [1, 3, 2, 5]), holdsCodes: false)
    #expect(try counted.means(of: ["x", "y"]).values == [1, 3, 2, 5])
    #expect(try counted.histogram(ofCell: 1) == [2, 5])
  }

  @Test func refusesWhatHasNoSpectrum() throws {
    let histograms = Matrix(rows: 3, columns: 4, values: (0..<12).map { Float($0) })
    #expect {
      try CodeTree(CodeLayer(histograms, holdsCodes: false).means(of: ["a", "a", "a"]))
    } throws: { error in
      "\(error)".hasPrefix("1 proteins in the data; at least 2 are needed")
        && "\(error)".contains("--leaf-order")
    }
    #expect {
      try CodeLayer(histograms, holdsCodes: false).means(of: ["", "", ""])
    } throws: { error in "\(error)".hasPrefix("0 proteins in the data") }
    #expect {
      try CodeLayer(Matrix(rows: 2, columns: 1), holdsCodes: false).means(of: ["a", "b"])
    } throws: { error in "\(error)".contains("1 codes") }
    #expect {
      try CodeLayer(Matrix(rows: 2, columns: 2, values: [0, 1, 0.5, 2]), holdsCodes: true)
        .means(of: ["a", "b"])
    } throws: { error in "\(error)".contains("row 1 holds the code 0.5") }
    #expect {
      try CodeLayer(Matrix(rows: 1, columns: 1, values: [2e6]), holdsCodes: true)
    } throws: { error in "\(error)".contains("the largest code is 2000000") }
    var bad = histograms
    bad[1, 1] = .nan
    #expect {
      try CodeLayer(bad, holdsCodes: false).means(of: ["a", "b", "b"])
    } throws: { error in "\(error)".contains("NaN") }
  }

  @Test func codebooksAreOrderedByTheirVectors() throws {
    // Codes 0 and 2 point one way, 1 and 3 the other.
    let vectors = Matrix(
      rows: 4, columns: 3, values: [1, 2, 3, 3, 2, 1, 2, 4, 6.5, 9, 6, 2])
    let tree = try CodeTree(codebook: vectors)
    #expect(tree.linkage.clusters(2) == [0..<2, 2..<4])
    #expect(
      Set(tree.order.codes.prefix(2)) == [0, 2] || Set(tree.order.codes.prefix(2)) == [1, 3])
    #expect(abs(tree.correlation.values[1] + 1) < 1e-12)
    #expect {
      try CodeTree(codebook: Matrix(rows: 3, columns: 1))
    } throws: { error in "\(error)".hasPrefix("1 numbers of a code in the codebook") }
    #expect(throws: AnalysisError.self) {
      try CodeTree(codebook: Matrix(rows: 2, columns: 2, values: [1, .nan, 2, 3]))
    }
  }

  @Test func ordersAreSavedAndChecked() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "leaf_order.npy")
    let order = FeatureOrder(AverageLinkage([0, 9, 1, 8], rows: 4, columns: 1))
    try order.write(to: file)
    #expect(try FeatureOrder(contentsOf: file, count: 4) == order)
    #expect {
      try FeatureOrder(contentsOf: file, count: 5)
    } throws: { error in "\(error)".contains("found 4, expected 5. An order of features is for") }
    try NPY.write([Int64](arrayLiteral: 0, 1, 1), shape: [3], to: file)
    #expect {
      try FeatureOrder(contentsOf: file, count: 3)
    } throws: { error in
      "\(error)".contains("feature 2 is the code 1; expected every code from 0 to 2 once")
    }
    try NPY.write([Int64](arrayLiteral: 0, 1), shape: [1, 2], to: file)
    #expect {
      try FeatureOrder(contentsOf: file, count: 2)
    } throws: { error in "\(error)".contains("the array has shape [1, 2]; expected one axis") }
  }

  @Test func clustersAreStretchesOfTheLeaves() {
    var generator = SplitMix64(seed: 4, stream: 0)
    let values = (0..<90).map { _ in generator.unit() }
    let tree = AverageLinkage(values, rows: 30, columns: 3)
    for count in [1, 2, 7, 30, 99] {
      let found = tree.clusters(count)
      #expect(found.count == min(count, 30))
      #expect(found.flatMap { Array($0) } == Array(0..<30))
    }
    // The tree is cut where its last join is.
    let last = tree.joins[28]
    let size = last.first < 30 ? 1 : tree.joins[last.first - 30].count
    #expect(tree.clusters(2) == [0..<size, size..<30])
  }

  @Test func linkageIsATreeOfAllRows() {
    var generator = SplitMix64(seed: 21, stream: 0)
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
