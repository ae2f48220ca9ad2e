import ArrayFiles
import CytoselfFigures
import Foundation
import Testing

@Suite struct InteractiveMapTests {
  /// Something that passes for plotly.js where the real one is not installed.
  static func library(_ folder: TemporaryFolder) throws -> PlotlyScript {
    if let real = try? PlotlyScript.find() { return real }
    let file = folder.url.appending(path: "plotly.min.js")
    let text = "/* plotly.js v0 */" + String(repeating: " ", count: 120_000) + "var a='</script>';"
    try Data(text.utf8).write(to: file)
    return PlotlyScript(file: file)
  }

  @Test func writesOnePage() throws {
    let folder = try TemporaryFolder()
    let plotly = try Self.library(folder)
    let map = MapTests.madeMap(cells: 3000, groups: 9)
    let names = Set(map.groups).sorted()
    var pictures = InteractiveMap.Pictures(side: 32)
    for cell in 0..<400 { pictures.add(cell: cell, wave(cell % 7, cell % 5)) }
    #expect(pictures.pixels.count == 400 * 32 * 32)
    let page = folder.url.appending(path: "map.html")
    try InteractiveMap(
      x: map.x, y: map.y, ids: (0..<3000).map { "field-\($0 / 20)/cell-\($0 % 20)" },
      groups: map.groups, groupName: "place", palette: GroupPalette(names.dropLast()),
      columns: [.init(name: "protein", values: map.groups.map { $0.uppercased() })],
      pictures: pictures, title: "Localization of proteins"
    ).write(to: page, plotly: plotly)
    let html = try String(contentsOf: page, encoding: .utf8)
    #expect(html.components(separatedBy: "</script>").count == 4)
    #expect(!html.contains("<script src") && !html.contains("<link"))
    #expect(html.contains("\"name\":\"place\""))
    // A rule for every canvas would paint over those that plotly draws many cells on.
    let style = try #require(html.range(of: "<style>")).upperBound
    let end = try #require(html.range(of: "</style>")).lowerBound
    #expect(!html[style..<end].contains("canvas"))
    keepForTheEye(folder.url)
  }

  @Test func labelsCannotBreakOut() throws {
    let folder = try TemporaryFolder()
    let hostile = "</script><img src=x onerror=alert(1)>\"\\\u{2028}'&"
    let page = folder.url.appending(path: "map.html")
    try InteractiveMap(
      x: [0, 1], y: [0, 1], ids: [hostile, "b"], groups: [hostile, "a"],
      palette: GroupPalette([hostile]), columns: [.init(name: hostile, values: [hostile, ""])],
      title: hostile, axisNames: (hostile, hostile)
    ).write(to: page, plotly: Self.library(folder))
    let html = try String(contentsOf: page, encoding: .utf8)
    #expect(html.components(separatedBy: "</script>").count == 4)
    #expect(!html.contains("<img src=x"))
    // The JSON is sound and gives the label back.
    let start = try #require(html.range(of: "id=\"data\">"))
    let end = try #require(html.range(of: "</script>", range: start.upperBound..<html.endIndex))
    let object =
      try JSONSerialization.jsonObject(
        with: Data(html[start.upperBound..<end.lowerBound].utf8)) as? [String: Any]
    #expect((object?["ids"] as? [String])?.first == hostile)
  }

  @Test func whatIsMissingIsSaid() throws {
    let folder = try TemporaryFolder()
    let page = folder.url.appending(path: "map.html")
    let map = InteractiveMap(
      x: [0], y: [0], ids: ["a"], groups: ["g"], palette: GroupPalette(["g"]))
    let none = #expect(throws: FigureError.self) {
      try PlotlyScript.find(environment: [:], program: folder.url.appending(path: "bin/cytoself"))
    }
    #expect(none?.kind == .missingPart)
    #expect(none?.message.contains("Run scripts/setup") == true)
    #expect(throws: FigureError.self) {
      try PlotlyScript.find(environment: ["CYTOSELF_PLOTLY": "/nowhere.js"], program: nil)
    }
    let wrong = folder.url.appending(path: "wrong.js")
    try Data("x".utf8).write(to: wrong)
    let error = #expect(throws: FigureError.self) {
      try map.write(to: page, plotly: PlotlyScript(file: wrong))
    }
    #expect(error?.kind == .missingPart)
    var short = map
    short.ids = []
    #expect(throws: FigureError(.badData, "The map has 1 cells and 0 values of ids.")) {
      try short.write(to: page, plotly: PlotlyScript(file: wrong))
    }
    #expect(folder.names == ["wrong.js"])
  }

  @Test func setUpsPlaceIsFound() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: ".plotly/plotly.min.js")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data("x".utf8).write(to: file)
    let program = folder.url.appending(path: ".build/x86_64/release/cytoself")
    let found = try PlotlyScript.find(environment: [:], program: program)
    #expect(found.file.lastPathComponent == "plotly.min.js")
  }
}
