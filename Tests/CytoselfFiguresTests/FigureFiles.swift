import CytoselfFigures
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Whether gnuplot can be run here.
let gnuplotIsHere = (try? Gnuplot.find()) != nil

/// A folder that goes away with the test.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(
      path: "cytoself-figures-\(UInt64.random(in: 0...UInt64.max))")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var names: Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? [])
  }
}

/// Copies pictures to the folder that `CYTOSELF_KEEP_FIGURES` names, to be looked at.
func keepForTheEye(_ folder: URL) {
  guard let kept = ProcessInfo.processInfo.environment["CYTOSELF_KEEP_FIGURES"] else { return }
  let files = FileManager.default
  try? files.createDirectory(atPath: kept, withIntermediateDirectories: true)
  for name in (try? files.contentsOfDirectory(atPath: folder.path)) ?? [] {
    let target = URL(filePath: kept).appending(path: name)
    try? files.removeItem(at: target)
    try? files.copyItem(at: folder.appending(path: name), to: target)
  }
}

/// Checks that the pictures are whole files of their kind and of the figure's size.
func expectValidPictures(_ files: Figure.Files, of figure: Figure) throws {
  #expect(Set(files.pictures.keys) == Set(FigureFormat.allCases))
  if let url = files.pictures[.png] {
    let png = try Data(contentsOf: url)
    let size = try #require(PNG.size(of: png))
    #expect(size.width == Int((figure.width * 300 / 72).rounded()))
    #expect(size.height == Int((figure.height * 300 / 72).rounded()))
    #expect(png.suffix(8).starts(with: Data("IEND".utf8)))
    #expect(png.range(of: Data("pHYs".utf8)) != nil)
  }
  if let url = files.pictures[.svg] {
    let parser = XMLParser(data: try Data(contentsOf: url))
    #expect(parser.parse(), "\(url.lastPathComponent) is not well-formed XML")
  }
  if let url = files.pictures[.pdf] {
    let pdf = try Data(contentsOf: url)
    #expect(pdf.starts(with: Data("%PDF-".utf8)))
    #expect(pdf.suffix(16).range(of: Data("%%EOF".utf8)) != nil)
  }
}
