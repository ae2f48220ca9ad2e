import ArgumentParser
import CellData
import CytoselfFigures
import CytoselfTraining
import Foundation

/// `cytoself reconstruct`: what a model makes of cells, as a figure.
struct ReconstructCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconstruct",
    abstract: "Draw input, output and difference of cells, also from single levels.",
    discussion: """
      FIGURE is a name such as figures/cells: figures/cells.png, .svg and .pdf are drawn, with \
      the script and the data that drew them beside them.

        cytoself reconstruct run cells/ --out figures/cells --cells 12
      """)

  @Argument(
    help: "A run folder, a checkpoint folder or a weight file (.safetensors, .pt, .chkp, .h5).")
  var model: String

  @Argument(help: "A folder of crops in any layout, or one .npy.")
  var data: String

  @Option(help: ArgumentHelp("The figure's name, without ending.", valueName: "figure"))
  var out: String

  @Option(help: "How many cells to draw, spread evenly over the held-out cells, or over all.")
  var cells = 8

  @Flag(inversion: .prefixedNo, help: "Add the output from each level alone, the others zeroed.")
  var levels = true

  @OptionGroup var use: ModelUseOptions

  func validate() throws {
    guard (1...100).contains(cells) else { throw ValidationError("--cells is 1 to 100.") }
  }

  mutating func run() async throws {
    let (model, data, count, use) = (model, data, cells, use)
    let (result, channels, names) = try await DedicatedThread.run(name: "cytoself") {
      let (trained, set) = try use.open(model: model, data: data)
      let parts = try trained.knownParts(of: set)
      let heldOut = parts.map { parts in parts.indices.filter { parts[$0] == .test } } ?? []
      let rows = heldOut.isEmpty ? Array(0..<set.count) : heldOut
      let drawn = min(count, rows.count)
      let chosen = (0..<drawn).map { rows[$0 * rows.count / drawn] }
      return (
        try Reconstruction(trained, data: set, rows: chosen), set.channelNames,
        chosen.map { set.labelColumn?[$0] ?? set.cell($0) }
      )
    }
    let url = URL(filePath: out)
    let name = Figure.fileName(
      for: url.pathExtension.isEmpty
        ? url.lastPathComponent : url.deletingPathExtension().lastPathComponent)
    let files = try ReconstructionFigure(
      result, channels: channels, names: names, showsLevels: levels
    ).figure(named: name).write(to: url.deletingLastPathComponent())
    for picture in files.pictures.values.map(\.path).sorted() { print(picture) }
  }
}
