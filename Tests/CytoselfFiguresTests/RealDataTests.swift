import ArrayFiles
import CytoselfFigures
import Foundation
import Testing

/// Figures of the data in the folder `shared` beside the repository, where it is.
@Suite struct RealDataTests {
  @Test(.enabled(if: gnuplotIsHere && shared != nil)) func drawsTheDigits() throws {
    let data = try #require(shared).appending(path: "data/umap")
    let points = try NPYFile(data.appending(path: "umap-learn_digits_embedding_42.npy")).doubles()
    let table = try String(contentsOf: data.appending(path: "digits.csv"), encoding: .utf8)
    let rows = table.split(whereSeparator: \.isNewline)
    let header = rows[0].split(separator: ",").map {
      $0.trimmingCharacters(in: .init(charactersIn: "\""))
    }
    let column = header.firstIndex { ["target", "label", "digit", "class"].contains($0) }
    let labels = rows.dropFirst().map { row -> String in
      let fields = row.split(separator: ",", omittingEmptySubsequences: false)
      return String(fields[column ?? fields.count - 1])
    }
    #expect(labels.count == points.count / 2)
    let x = stride(from: 0, to: points.count, by: 2).map { Float(points[$0]) }
    let y = stride(from: 1, to: points.count, by: 2).map { Float(points[$0]) }
    let names = Set(labels).sorted()
    #expect(names.count == 10)
    try draw(
      GroupMap(x: x, y: y, groups: labels, palette: GroupPalette(names), title: "Digits")
        .figure(named: "digits"))
  }

  @Test(.enabled(if: shared != nil)) func leavesAreInSciPysOrder() throws {
    let golden = try #require(shared).appending(path: "golden/analysis")
    let linkage = try NPYFile(golden.appending(path: "clustermap_linkage.npy")).doubles()
    let order = try NPYFile(golden.appending(path: "clustermap_row_order.npy")).int64s()
    let tree = try Dendrogram(linkage: linkage)
    #expect(tree.leafOrder == order.map(Int.init))
    guard gnuplotIsHere else { return }
    let values = try NPYFile(golden.appending(path: "code_correlation.npy")).floats()
    try draw(
      ClusteredHeatMap(
        rows: 96, columns: 96, values: values, rowTree: tree, columnTree: tree,
        rowNames: (0..<96).map(String.init), columnNames: (0..<96).map(String.init),
        title: "Correlation of codes", valueName: "Pearson r", rowTitle: "code",
        columnTitle: "code",
        range: -1...1
      ).figure(named: "correlation"))
  }

  @Test(.enabled(if: gnuplotIsHere && shared != nil)) func drawsCellsAndReconstructions() throws {
    let folder = try #require(shared)
    let file = try NPYFile(
      folder.appending(path: "data/opencell36/released_layout/Image_data00.npy"))
    let names = ["protein", "nucleus", "nuclear distance"]
    var item = [Float](repeating: 0, count: 100 * 100 * 4)
    let rows = (0..<5).map { cell -> [ImagePanels.Image?] in
      item.withUnsafeMutableBufferPointer { file.readItem(cell * 30, axes: [3, 1, 2], into: $0) }
      return (0..<3).map { channel in
        ImagePanels.Image(
          height: 100, width: 100, values: Array(item[channel * 10_000..<(channel + 1) * 10_000]))
      }
    }
    try draw(
      ImagePanels(
        rows: rows, rowTitles: (0..<5).map { "cell \($0 * 30)" }, columnTitles: names,
        title: "OpenCell crops", columnScales: [.gray, .gray, .diverging],
        columnRanges: [2: .eachColumn]
      ).figure(named: "opencell"))

    let input = try NPYFile(folder.appending(path: "golden/pt_readme/image.npy")).floats()
    let output = try NPYFile(folder.appending(path: "golden/pt_readme/decoder1.npy")).floats()
    func image(_ values: [Float], _ cell: Int, _ channel: Int) -> ImagePanels.Image {
      let start = (cell * 2 + channel) * 10_000
      return .init(height: 100, width: 100, values: Array(values[start..<start + 10_000]))
    }
    let panels = ImagePanels(
      rows: (0..<4).map { cell in
        (0..<2).flatMap { channel -> [ImagePanels.Image?] in
          let a = image(input, cell, channel)
          let b = image(output, cell, channel)
          let difference = zip(a.values, b.values).map { $1 - $0 }
          let error = difference.reduce(0) { $0 + $1 * $1 } / 10_000
          return [
            a, b,
            .init(
              height: 100, width: 100, values: difference,
              note: "MSE \(Numeral.readable(Double(error), digits: 2))"),
          ]
        }
      }, rowTitles: (0..<4).map { "cell \($0)" },
      columnTitles: ["protein", "output", "difference", "nucleus", "output", "difference"],
      title: "Reconstructions", range: .eachRow,
      columnScales: [.gray, .gray, .diverging, .gray, .gray, .diverging],
      columnRanges: [2: .eachColumn, 5: .eachColumn], gapsAfterColumns: [2])
    try draw(panels.figure(named: "golden-reconstructions"))
  }

  @Test(.enabled(if: gnuplotIsHere)) func manyCodesAreDrawnQuickly() throws {
    let (values, tree) = try AnalysisFigureTests.madeCorrelations(2048)
    let started = ContinuousClock.now
    try draw(
      ClusteredHeatMap(
        rows: 2048, columns: 2048, values: values, rowTree: tree, columnTree: tree,
        title: "2,048 codes", valueName: "Pearson r", range: -1...1
      ).figure(named: "codes-2048"))
    #expect(ContinuousClock.now - started < .seconds(120))
  }

  private func draw(_ figure: Figure) throws {
    let folder = try TemporaryFolder()
    try expectValidPictures(try figure.write(to: folder.url), of: figure)
    keepForTheEye(folder.url)
  }
}

/// The folder `shared` beside the repository, or the one that `CYTOSELF_SHARED` names.
let shared: URL? = {
  let files = FileManager.default
  if let named = ProcessInfo.processInfo.environment["CYTOSELF_SHARED"] {
    return files.fileExists(atPath: named) ? URL(filePath: named) : nil
  }
  var folder = URL(filePath: #filePath).deletingLastPathComponent()
  while folder.path != "/" {
    let candidate = folder.appending(path: "shared")
    if files.fileExists(atPath: candidate.appending(path: "golden").path) { return candidate }
    folder = folder.deletingLastPathComponent()
  }
  return nil
}()
