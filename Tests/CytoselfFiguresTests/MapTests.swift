import ArrayFiles
import CytoselfFigures
import Foundation
import Testing

@Suite struct MapTests {
  /// Cells in clouds of unlike size and shape, as maps of real embeddings look.
  static func madeMap(cells: Int, groups: Int) -> (x: [Float], y: [Float], groups: [String]) {
    var generator = SplitMix(seed: 11)
    let names = [
      "nucleoplasm", "nucleolus", "nuclear membrane", "er", "golgi", "mitochondria", "vesicles",
      "cytoskeleton", "plasma membrane", "centrosome", "cytoplasm", "big_aggregates", "chromatin",
      "cell contact", "focal adhesions",
    ]
    var x: [Float] = []
    var y: [Float] = []
    var labels: [String] = []
    for cell in 0..<cells {
      var group = Int(pow(Double.random(in: 0..<1, using: &generator), 1.6) * Double(groups))
      if cell < groups { group = cell }
      func normal() -> Double {
        (0..<6).reduce(-3) { sum, _ in sum + Double.random(in: 0..<1, using: &generator) } * 1.4
      }
      let angle = Double(group) / Double(groups) * 2 * .pi
      let radius = 6 + 3 * sin(Double(group) * 2.3)
      let bend = normal()
      x.append(Float(radius * cos(angle) + 0.7 * normal() + 0.4 * bend * bend))
      y.append(Float(radius * sin(angle) + 0.5 * normal() + 0.8 * bend))
      labels.append(group < names.count ? names[group] : "protein \(group)")
    }
    return (x, y, labels)
  }

  @Test(.enabled(if: gnuplotIsHere), arguments: [(600, 8), (10_000, 12), (100_000, 30)])
  func drawsGroups(cells: Int, groups: Int) throws {
    let folder = try TemporaryFolder()
    let map = Self.madeMap(cells: cells, groups: groups)
    // The last group is not in the palette: others.
    let names = Set(map.groups).sorted()
    let figure = try GroupMap(
      x: map.x, y: map.y, groups: map.groups, palette: GroupPalette(names.dropLast()),
      title: "Localization of proteins", note: "Cluster score 1.24 per axis, 1.19 pooled"
    ).figure(named: "map-\(cells)")
    let started = ContinuousClock.now
    try expectValidPictures(try figure.write(to: folder.url), of: figure)
    #expect(ContinuousClock.now - started < .seconds(60))
    for name in folder.names {
      let size =
        try FileManager.default.attributesOfItem(
          atPath: folder.url.appending(path: name).path)[.size] as? Int
      #expect((size ?? 0) < 12_000_000, "\(name)")
    }
    keepForTheEye(folder.url)
  }

  @Test(.enabled(if: gnuplotIsHere)) func drawsValuesAndMarks() throws {
    let folder = try TemporaryFolder()
    let map = Self.madeMap(cells: 3000, groups: 6)
    var values = zip(map.x, map.y).map { sin($0 / 3) + $1 / 5 }
    values[7] = .nan
    let figure = try ValueMap(
      x: map.x, y: map.y, values: values, valueName: "mean intensity", title: "Intensity"
    ).figure(named: "values")
    try expectValidPictures(try figure.write(to: folder.url), of: figure)
    let marked = try GroupMap(
      x: map.x, y: map.y, groups: map.groups, palette: GroupPalette(Set(map.groups).sorted()),
      title: "Cluster scores", marks: [.init(name: "golgi", x: 0, y: 3, radius: 1.5)]
    ).figure(named: "marks")
    try expectValidPictures(try marked.write(to: folder.url), of: marked)
    keepForTheEye(folder.url)
  }

  @Test func oddMapsAreDrawableOrRefused() throws {
    _ = try GroupMap(x: [1], y: [2], groups: ["a"], palette: GroupPalette(["a"])).figure(named: "m")
    _ = try GroupMap(x: [1, .nan], y: [2, 3], groups: ["a", "b"], palette: GroupPalette([]))
      .figure(named: "m")
    _ = try ValueMap(x: [1, 1], y: [2, 2], values: [.nan, .nan], valueName: "v").figure(named: "m")
    #expect(
      throws: FigureError(
        .badData,
        "The map m has 1 and 1 coordinates and 2 groups; it needs one of each for every cell.")
    ) {
      try GroupMap(x: [1], y: [1], groups: ["a", "b"], palette: GroupPalette([])).figure(named: "m")
    }
    #expect(throws: FigureError(.badData, "The map m has no cell with finite coordinates.")) {
      try ValueMap(x: [.nan], y: [1], values: [1], valueName: "v").figure(named: "m")
    }
  }

  @Test func sameDataGiveSameFigure() throws {
    let map = Self.madeMap(cells: 5000, groups: 9)
    let one = GroupMap(
      x: map.x, y: map.y, groups: map.groups, palette: GroupPalette(["er", "golgi"]))
    #expect(try one.figure(named: "m") == one.figure(named: "m"))
  }
}
