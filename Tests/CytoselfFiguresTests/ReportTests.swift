import ArrayFiles
import CytoselfFigures
import Foundation
import Testing

@Suite struct ReportTests {
  @Test(.enabled(if: gnuplotIsHere)) func aWholeReportStandsAlone() throws {
    let folder = try TemporaryFolder()
    let figures = folder.url.appending(path: "figures")
    let history = try HistoryFigure(HistoryFigureTests.madeHistory(epochs: 40))
      .figure(named: "history")
    let sheet = try contactSheet(rows: 5, columns: 8).figure(named: "cells")
    let map = MapTests.madeMap(cells: 8000, groups: 11)
    let umap = try GroupMap(
      x: map.x, y: map.y, groups: map.groups, palette: GroupPalette(Set(map.groups).sorted())
    ).figure(named: "umap")
    let report = Report(
      title: "Simulated cells: a first model",
      lead:
        "Eleven localization patterns, 33 proteins and 5,280 simulated cells. The model never saw "
        + "a pattern's name: it learned to redraw cells and to tell proteins apart.",
      scores: [
        .init(
          name: "Nearest neighbour has the same pattern", share: 0.934, chance: 0.091,
          note: "1,056 cells of held-out fields; neighbours among training cells"),
        .init(name: "Protein identified", share: 0.412, chance: 0.03, note: "the model's own head"),
        .init(name: "Reconstruction error", value: "0.0021", note: "mean square, held-out"),
      ],
      sections: [
        .init(
          title: "Cells",
          blocks: [
            .paragraph("Every row is one pattern."),
            .picture(.init(try sheet.write(to: figures), caption: "Simulated cells by pattern.")),
          ]),
        .init(
          title: "Training",
          blocks: [
            .picture(
              .init(
                try history.write(to: figures),
                caption: "Losses and perplexity by epoch; validation on fields never trained on."))
          ]),
        .init(
          title: "Map",
          blocks: [
            .picture(.init(try umap.write(to: figures), caption: "UMAP of vqvec2.")),
            .picture(.init(notDrawn: "gnuplot was not found.", caption: "A missing figure.")),
            .table(
              .init(
                header: ["Pattern", "Cells", "Accuracy"],
                rows: [["nucleolus", "480", "97.1 %"], ["er", "480", "88.0 %"]],
                caption: "By pattern.")),
          ]),
      ], commands: ["cytoself simulate cells --seed 0", "cytoself train cells --out run"],
      provenance: [("Seed", "0"), ("Version", "0.1.0"), ("Threads", "2")])
    let page = folder.url.appending(path: "report.html")
    try report.write(to: page)
    #expect(folder.names == ["figures", "report.html"])
    let html = try String(contentsOf: page, encoding: .utf8)
    expectSelfContained(html)
    #expect(html.contains("href=\"figures/history.pdf\""))
    #expect(html.components(separatedBy: "data:image/png;base64,").count == 4)
    keepForTheEye(folder.url)
  }

  @Test func textOfUsersIsOnlyShown() throws {
    let hostile = "</td><script>alert(1)</script>\" onload='x' &"
    let folder = try TemporaryFolder()
    let html = try Report(
      title: hostile, lead: hostile,
      scores: [.init(name: hostile, value: hostile, chance: hostile, share: .nan, note: hostile)],
      sections: [
        .init(
          title: hostile,
          blocks: [
            .paragraph(hostile), .command(hostile),
            .table(.init(header: [hostile], rows: [[hostile], []], caption: hostile)),
            .picture(.init(notDrawn: hostile, caption: hostile)),
            .link(text: hostile, file: folder.url.appending(path: "a \"b\".html")),
          ])
      ], commands: [hostile], provenance: [(hostile, hostile)]
    ).html(beside: folder.url)
    expectSelfContained(html)
    #expect(!html.contains("onload='"))
    #expect(html.contains("href=\"a%20%22b%22.html\""))
  }

  @Test func aMissingPictureIsNamedAndNothingIsWritten() throws {
    let folder = try TemporaryFolder()
    let gone = folder.url.appending(path: "gone.png")
    let report = Report(
      title: "T",
      sections: [.init(title: "S", blocks: [.picture(.init(file: gone, caption: "c"))])])
    #expect(
      throws: FigureError(.missingInput, "The picture \(gone.path) of the report cannot be read.")
    ) { try report.write(to: folder.url.appending(path: "report.html")) }
    #expect(folder.names.isEmpty)
  }

  private func expectSelfContained(_ html: String) {
    #expect(!html.contains("<script"))
    #expect(!html.contains("http://") && !html.contains("https://"))
    #expect(!html.contains("<link") && !html.contains("@import") && !html.contains("url("))
  }
}
