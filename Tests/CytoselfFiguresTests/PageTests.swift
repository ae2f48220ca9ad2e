import CytoselfFigures
import Foundation
import Testing

/// The bytes of whole pages: their markup, style and script come from files of the package.
///
/// `RECORD_PAGES=1` records them anew, and fails so that someone looks at them.
@Suite struct PageTests {
  @Test func aMapIsTheKeptPage() throws {
    let folder = try TemporaryFolder()
    let library = "/* plotly.js v0 */" + String(repeating: " ", count: 120_000)
    let script = folder.url.appending(path: "plotly.min.js")
    try Data(library.utf8).write(to: script)
    var pictures = InteractiveMap.Pictures(side: 2)
    pictures.add(cell: 1, .init(height: 2, width: 2, values: [0, 1, 0.5, 0.25]))
    let page = folder.url.appending(path: "map.html")
    try InteractiveMap(
      x: [0, 1.5, -2], y: [3, 0.25, -1], ids: ["a", "b", "c"], groups: ["er", "golgi", "er"],
      groupName: "pattern", palette: GroupPalette(["er"]),
      columns: [.init(name: "protein", values: ["P1", "P2", "P1"])], pictures: pictures,
      title: "Cells & {{style}}"
    ).write(to: page, plotly: PlotlyScript(file: script))
    let html = try String(contentsOf: page, encoding: .utf8)
    #expect(html.contains(library))
    try expectKept(html.replacing(library, with: "LIBRARY"), "map.html")
  }

  @Test func aReportIsTheKeptPage() throws {
    let folder = try TemporaryFolder()
    let html = try Report(
      title: "Cells & {{body}}", lead: "A lead.\n\nIn two paragraphs.",
      scores: [.init(name: "Accuracy", share: 0.9, chance: 0.1, note: "of the test set")],
      sections: [
        .init(
          title: "Cells",
          blocks: [
            .paragraph("Text."), .picture(.init(notDrawn: "No gnuplot.", caption: "A figure.")),
            .table(.init(header: ["Class", "Cells"], rows: [["er", "12"]], caption: "Classes.")),
            .link(text: "Map", file: folder.url.appending(path: "map.html")),
          ])
      ], commands: ["cytoself demo"], provenance: [("Seed", "0")]
    ).html(beside: folder.url)
    try expectKept(html, "report.html")
  }

  private func expectKept(_ page: String, _ name: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/\(name)")
    if ProcessInfo.processInfo.environment["RECORD_PAGES"] != nil {
      try page.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("Recorded Fixtures/\(name); open it, commit it, run again.")
      return
    }
    let kept = try String(contentsOf: file, encoding: .utf8)
    #expect(page == kept, "Fixtures/\(name) differs (RECORD_PAGES=1 records it anew)")
  }
}
