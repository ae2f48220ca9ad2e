import ArrayFiles
public import Foundation

/// The plotly.js library, which interactive pages carry inside them.
public struct PlotlyScript: Sendable, Equatable {
  /// The environment variable that names the file, before the usual places are searched.
  public static let environmentVariable = "CYTOSELF_PLOTLY"

  /// The file `plotly.min.js`.
  public let file: URL

  /// A library at a known place.
  public init(file: URL) { self.file = file }

  /// Finds plotly.js: the file that `CYTOSELF_PLOTLY` names, else what set-up put into the project,
  /// else `share/cytoself` beside the program's folder.
  ///
  /// - Throws: ``FigureError`` of kind `missingPart` with the sentence that says how to get it.
  public static func find(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    program: URL? = Bundle.main.executableURL
  ) throws(FigureError) -> PlotlyScript {
    let files = FileManager.default
    if let named = environment[environmentVariable], !named.isEmpty {
      guard files.isReadableFile(atPath: named) else {
        throw FigureError(
          .missingPart, "\(environmentVariable) names \(named), which cannot be read. \(howToGet)")
      }
      return PlotlyScript(file: URL(filePath: named))
    }
    // The program lies in .build/CONFIGURATION or .build/TRIPLE/CONFIGURATION of the project.
    var folder = program?.resolvingSymlinksInPath().deletingLastPathComponent()
    for _ in 0..<6 {
      guard let place = folder, place.path != "/" else { break }
      for candidate in [".plotly/plotly.min.js", "share/cytoself/plotly.min.js"] {
        let file = place.appending(path: candidate)
        if files.isReadableFile(atPath: file.path) { return PlotlyScript(file: file) }
      }
      folder = place.deletingLastPathComponent()
    }
    throw FigureError(
      .missingPart, "plotly.js, which draws interactive pages, was not found. \(howToGet)")
  }

  package static let howToGet =
    "Run scripts/setup, or take plotly.min.js from the package plotly of PyPI (folder "
    + "plotly/package_data) and set \(environmentVariable) to it."

  /// The library as the content of a script element.
  ///
  /// - Throws: ``FigureError`` of kind `missingPart` if it cannot be read or is no plotly.js.
  func source() throws(FigureError) -> String {
    guard let data = try? Data(contentsOf: file), data.count > 100_000,
      let text = String(data: data, encoding: .utf8), text.prefix(400).contains("plotly.js")
    else {
      throw FigureError(
        .missingPart, "\(file.path) cannot be read or is not plotly.js. \(Self.howToGet)")
    }
    // What would end the script element may only stand inside a string of it.
    return text.replacing("</script", with: "<\\/script")
  }
}
