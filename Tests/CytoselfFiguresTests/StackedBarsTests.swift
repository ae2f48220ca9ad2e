import CytoselfFigures
import Foundation
import Testing

@Suite struct StackedBarsTests {
  static let bars = StackedBars(
    [
      .init("kept", color: Color(0x0072B2)), .init("edge", color: Color(0xE69F00)),
      .init("dim", color: Color(0x009E73)),
    ],
    rows: [("plate 1", [30, 12, 0]), ("plate 2", [41, 3, 0])], title: "Nuclei by plate",
    valueName: "nuclei")

  @Test func barsEndWhereTheirPartsAddUp() throws {
    let figure = try Self.bars.figure(named: "quality")
    let table = try #require(figure.dataFiles.first)
    let text = String(decoding: table.content, as: UTF8.self)
    let rows = text.split(separator: "\n").dropFirst()
    #expect(
      rows.map { $0.split(separator: "\t").compactMap { Double($0) } }
        == [[0, 30, 42, 42], [1, 41, 44, 44]])
    // A part that counts nothing anywhere is neither drawn nor in the legend.
    #expect(figure.script.contains("edge") && !figure.script.contains("\"dim\""))
    #expect(figure.alternative.contains("plate 2 kept 41, edge 3"))
  }

  @Test func noRowsAreAnError() {
    #expect(throws: FigureError.self) {
      try StackedBars([], rows: [], valueName: "nuclei").figure(named: "quality")
    }
  }

  @Test(.enabled(if: gnuplotIsHere)) func drawsBars() throws {
    let folder = try TemporaryFolder()
    let figure = try Self.bars.figure(named: "quality")
    try expectValidPictures(try figure.write(to: folder.url), of: figure)
  }
}
