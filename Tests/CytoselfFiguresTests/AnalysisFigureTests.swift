import ArrayFiles
import CytoselfFigures
import Foundation
import Testing

@Suite struct AnalysisFigureTests {
  @Test(.enabled(if: gnuplotIsHere), arguments: [4, 11, 36]) func drawsConfusion(count: Int) throws
  {
    var generator = SplitMix(seed: 5)
    let all = Array(Set(MapTests.madeMap(cells: 400, groups: 40).groups)).sorted()
    let names = Array(all.prefix(count))
    let counts = (0..<count).map { row in
      (0..<count).map { column in
        row == column
          ? Int.random(in: 60...200, using: &generator)
          : (abs(row - column) < 3 ? Int.random(in: 0...30, using: &generator) : 0)
      }
    }
    try draw(ConfusionMatrix(names: names, counts: counts).figure(named: "confusion-\(count)"))
  }

  @Test func confusionCountsCells() throws {
    let matrix = ConfusionMatrix(
      names: ["a", "b"], truth: ["a", "a", "b", "c"], predicted: ["a", "b", "b", "a"])
    #expect(matrix.counts == [[1, 1], [0, 1]])
    #expect(throws: FigureError.self) {
      try ConfusionMatrix(names: ["a"], counts: [[1, 2]]).figure(named: "c")
    }
    #expect(throws: FigureError(.badData, "The confusion matrix c counts no cell.")) {
      try ConfusionMatrix(names: ["a"], counts: [[0]]).figure(named: "c")
    }
  }

  @Test(.enabled(if: gnuplotIsHere), arguments: [12, 200]) func drawsHeatMap(count: Int) throws {
    let (values, tree) = try Self.madeCorrelations(count)
    let names = count > 50 ? [] : (0..<count).map { "code \($0)" }
    try draw(
      ClusteredHeatMap(
        rows: count, columns: count, values: values, rowTree: tree, columnTree: tree,
        rowNames: names, columnNames: names,
        rowGroups: (0..<count).map { ["early", "late", "middle"][$0 * 3 / count] },
        palette: GroupPalette(["early", "middle", "late"]), title: "Correlation of codes",
        valueName: "Pearson r", rowTitle: "codes", columnTitle: "codes", range: -1...1
      ).figure(named: "heat-map-\(count)"))
  }

  @Test func treesAreCheckedAndOrdered() throws {
    // Leaves 0 and 2 join, then 1 joins them: SciPy's order walks the first cluster first.
    let tree = try Dendrogram(linkage: [0, 2, 1, 2, 1, 3, 2, 3])
    #expect(tree.leafOrder == [1, 0, 2])
    #expect(
      throws: FigureError(
        .badData,
        "Row 1 of the linkage joins cluster 0, which is not there or was joined before.")
    ) { try Dendrogram(linkage: [0, 1, 1, 2, 0, 2, 2, 3]) }
    #expect(throws: FigureError.self) { try Dendrogram(linkage: [0, 5, 1, 2]) }
    #expect(throws: FigureError.self) { try Dendrogram(linkage: [0, 1, .nan, 2]) }
    #expect(throws: FigureError.self) { try Dendrogram(linkage: [0, 0.5, 1, 2]) }
    #expect(throws: FigureError.self) { try Dendrogram(linkage: [0, 1, 1]) }
    #expect(try Dendrogram(joints: []).leafOrder == [0])
  }

  @Test func heatMapsThatDoNotFitAreRefused() throws {
    #expect(
      throws: FigureError(.badData, "The heat map h has 3 in its row names where it has 2.")
    ) {
      try ClusteredHeatMap(rows: 2, columns: 1, values: [1, 2], rowNames: ["a", "b", "c"])
        .figure(named: "h")
    }
    #expect(throws: FigureError.self) {
      try ClusteredHeatMap(rows: 2, columns: 2, values: [1, 2]).figure(named: "h")
    }
  }

  @Test(.enabled(if: gnuplotIsHere)) func drawsSpectra() throws {
    var generator = SplitMix(seed: 9)
    func spectrum(_ name: String, _ peak: Int) -> SpectrumFigure.Spectrum {
      .init(
        name: name,
        values: (0..<256).map { feature in
          let distance = Float(feature - peak) / 20
          return exp(-distance * distance) * 0.02 * Float.random(in: 0.2...1, using: &generator)
            + 0.001 * Float.random(in: 0...1, using: &generator)
        })
    }
    let one = spectrum("POLR2A", 60)
    let two = spectrum("LMNB1 (nuclear membrane)", 150)
    let difference = SpectrumFigure.Spectrum(
      name: "difference", values: zip(one.values, two.values).map { $0 - $1 })
    try draw(
      SpectrumFigure(
        [one, two, difference], bands: [("i", 0..<90), ("ii", 90..<180), ("iii", 180..<256)]
      ).figure(named: "spectrum"))
    #expect(throws: FigureError.self) {
      try SpectrumFigure([one, .init(name: "short", values: [1])]).figure(named: "s")
    }
  }

  @Test(.enabled(if: gnuplotIsHere)) func drawsCurves() throws {
    let x = (0..<15).map { pow(10, -1 + Double($0) * 0.25) }
    func curve(_ name: String, _ height: Double) -> CurveFigure.Curve {
      let y = x.map { height * exp(-pow(log10($0) - 0.8, 2)) }
      return .init(name: name, x: x, y: y, lower: y.map { $0 - 0.03 }, upper: y.map { $0 + 0.04 })
    }
    try draw(
      CurveFigure(
        [curve("ARI", 0.45), curve("AMI", 0.6)], title: "Agreement with annotations",
        xTitle: "Leiden resolution", yTitle: "agreement", isLogarithmic: true
      ).figure(named: "curves"))
    #expect(throws: FigureError.self) {
      try CurveFigure([.init(name: "c", x: [1], y: [])], xTitle: "", yTitle: "").figure(named: "c")
    }
    #expect(throws: FigureError.self) {
      try CurveFigure(
        [.init(name: "c", x: [0], y: [1])], xTitle: "", yTitle: "", isLogarithmic: true
      ).figure(named: "c")
    }
  }

  @Test(.enabled(if: gnuplotIsHere)) func drawsBars() throws {
    try draw(
      AccuracyBars(
        [
          .init(
            name: "nearest neighbour, pattern", value: 0.934, chance: 0.0909, interval: 0.91...0.95),
          .init(
            name: "nearest neighbour, protein", value: 0.412, chance: 0.03, interval: 0.38...0.44),
          .init(name: "head, protein", value: 0.52, chance: 0.03),
        ], title: "Held-out fields"
      ).figure(named: "scores"))
    #expect(throws: FigureError.self) { try AccuracyBars([]).figure(named: "b") }
  }

  private func draw(_ figure: Figure) throws {
    let folder = try TemporaryFolder()
    try expectValidPictures(try figure.write(to: folder.url), of: figure)
    keepForTheEye(folder.url)
  }

  /// A matrix with blocks, and a tree that joins neighbours.
  static func madeCorrelations(_ count: Int) throws -> ([Float], Dendrogram) {
    var values = [Float](repeating: 0, count: count * count)
    for row in 0..<count {
      for column in 0..<count {
        let distance = Float(abs(row - column)) / Float(count)
        values[row * count + column] =
          row == column ? 1 : cos(Float(row / 7 - column / 7)) * (1 - distance)
      }
    }
    var open = Array(0..<count)
    var joints: [Dendrogram.Joint] = []
    var height = 0.1
    while open.count > 1 {
      var next: [Int] = []
      for index in stride(from: 0, to: open.count - 1, by: 2) {
        next.append(count + joints.count)
        joints.append(.init(first: open[index], second: open[index + 1], height: height))
        height += 0.3 / Double(count)
      }
      if open.count % 2 == 1, let last = open.last { next.append(last) }
      open = next
      height *= 1.35
    }
    return (values, try Dendrogram(joints: joints))
  }
}
