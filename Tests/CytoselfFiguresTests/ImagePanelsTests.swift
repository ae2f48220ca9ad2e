import ArrayFiles
import CytoselfFigures
import Foundation
import Testing

@Suite struct ImagePanelsTests {
  @Test(.enabled(if: gnuplotIsHere)) func drawsEveryFormatAtItsSize() throws {
    let folder = try TemporaryFolder()
    let figure = try contactSheet(rows: 4, columns: 5).figure(named: "sheet")
    let files = try figure.write(to: folder.url)
    try expectValidPictures(files, of: figure)
    #expect(
      Set(try FileManager.default.contentsOfDirectory(atPath: folder.url.path))
        == ["sheet.png", "sheet.svg", "sheet.pdf", "sheet.gnuplot", "sheet.images.rgb"])
  }

  @Test(.enabled(if: gnuplotIsHere)) func drawsDifferences() throws {
    let folder = try TemporaryFolder()
    let panels = ImagePanels(
      rows: (0..<3).map { row in (0..<3).map { wave(row, $0, offset: $0 == 2 ? -0.5 : 0) } },
      rowTitles: ["nuclear membrane", "ER", "Golgi"],
      columnTitles: ["input", "output", "difference"],
      title: "Reconstructions", range: .eachRow, columnScales: [.gray, .gray, .diverging],
      columnRanges: [2: .eachColumn], gapsAfterColumns: [1])
    let figure = try panels.figure(named: "reconstructions")
    try expectValidPictures(try figure.write(to: folder.url), of: figure)
    keepForTheEye(folder.url)
  }

  @Test(.enabled(if: gnuplotIsHere)) func channelsOfARowHaveScalesOfTheirOwn() throws {
    let folder = try TemporaryFolder()
    let panels = ImagePanels(
      rows: (0..<2).map { row in
        (0..<6).map { column in
          let image = wave(row, column % 3, offset: column % 3 == 2 ? -0.5 : 0)
          // The second channel is a hundred times as bright.
          let values = image.values.map { $0 * (column < 3 ? 1 : 100) }
          return .init(height: image.height, width: image.width, values: values)
        }
      },
      columnTitles: [
        "protein: input", "output", "difference", "nucleus: input", "output", "difference",
      ],
      title: "Channels", range: .eachRow,
      columnScales: [.gray, .gray, .diverging, .gray, .gray, .diverging], gapsAfterColumns: [2])
    let figure = try panels.figure(named: "channels")
    try expectValidPictures(try figure.write(to: folder.url), of: figure)
    for end in ["0.99", "99", "0.49", "49"] { #expect(figure.script.contains("\"\(end)\"")) }
    keepForTheEye(folder.url)
  }

  @Test func rejectsWhatCannotBeDrawn() {
    #expect(throws: FigureError.self) { try ImagePanels(rows: []).figure(named: "x") }
    #expect(throws: FigureError(.badData, "There is no image to draw in the figure x.")) {
      try ImagePanels(rows: [[nil]]).figure(named: "x")
    }
    #expect(throws: FigureError(.badData, "1 row titles stand for 2 rows of images.")) {
      try ImagePanels(rows: [[wave(0, 0)], [wave(1, 1)]], rowTitles: ["a"]).figure(named: "x")
    }
  }

  @Test func oneValueAndNoValueAreDrawable() throws {
    let flat = ImagePanels.Image(height: 2, width: 2, values: [3, 3, 3, 3])
    let empty = ImagePanels.Image(height: 2, width: 2, values: [.nan, .nan, .infinity, .nan])
    _ = try ImagePanels(rows: [[flat, empty]], range: .all).figure(named: "flat")
  }
}

/// A made image.
func wave(_ a: Int, _ b: Int, offset: Float = 0) -> ImagePanels.Image {
  let size = 50
  return ImagePanels.Image(
    height: size, width: size,
    values: (0..<size * size).map { index in
      let x = Float(index % size) / Float(size)
      let y = Float(index / size) / Float(size)
      return sin(x * Float(a + 2) * 5) * sin(y * Float(b + 2) * 5) * 0.5 + 0.5 + offset
    })
}

func contactSheet(rows: Int, columns: Int) -> ImagePanels {
  ImagePanels(
    rows: (0..<rows).map { row in (0..<columns).map { wave(row, $0) } },
    rowTitles: (0..<rows).map { "pattern \($0)" }, columnTitles: (0..<columns).map { "cell \($0)" },
    title: "Simulated cells", range: .all)
}
