import ArgumentParser
import CellData
import CytoselfCommands
import CytoselfFigures
import CytoselfModel
import CytoselfInference
import CytoselfTraining
import Foundation
import JobControl

/// `cytoself reconstruct`: reconstructions of cells or receptive fields of codes, as a figure.
struct ReconstructCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconstruct",
    abstract: "Draw reconstructions of cells, also from single levels, or receptive fields.",
    discussion: """
      FIGURE is a name such as figures/cells: figures/cells.png, .svg and .pdf are drawn, with \
      the script and the data that drew them beside them. Shown are input, output and difference, \
      and the output from each level alone, the map of the other levels zeroed; --level chooses. \
      --receptive-field draws instead the receptive field of the code in the middle of each level's \
      map: the derivative of the code by the pixels.

        cytoself reconstruct run cells/ --out figures/cells --cells 12
        cytoself reconstruct run cells/ --out figures/local --level 1
        cytoself reconstruct run cells/ --out figures/fields --receptive-field
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

  @Option(help: "Add the output from this level alone, from 1; may be given again (default: each).")
  var level: [Int] = []

  @Flag(help: "Draw receptive fields of the middle code of each level, instead of the output.")
  var receptiveField = false

  @OptionGroup var use: ModelUseOptions

  func validate() throws {
    guard (1...100).contains(cells) else { throw ValidationError("--cells is 1 to 100.") }
    guard level.isEmpty || (levels && !receptiveField) else {
      throw ValidationError("--level has no meaning with --no-levels or --receptive-field.")
    }
  }

  func run() async throws {
    let command = self
    let figure = try await DedicatedThread.run(name: "cytoself") { try command.figure() }
    let files = try figure.write(to: URL(filePath: out).deletingLastPathComponent())
    for picture in files.pictures.values.map(\.path).sorted() { print(picture) }
  }

  /// Opens the model and the crops, and makes the figure.
  private func figure() throws -> Figure {
    let (trained, set) = try use.open(model: model, data: data)
    let known = trained.model.configuration.levels.indices.map { $0 + 1 }
    for level in level where known.count < 2 || !known.contains(level) {
      throw TrainingError.invalidValue(
        key: "--level", value: "\(level)",
        expected: known.count < 2
          ? "left out, since the model has one level" : "1 to \(known.count)")
    }
    let parts = try trained.knownParts(of: set)
    let heldOut = parts.map { parts in parts.indices.filter { parts[$0] == .test } } ?? []
    let rows = heldOut.isEmpty ? Array(0..<set.count) : heldOut
    let drawn = min(cells, rows.count)
    let chosen = (0..<drawn).map { rows[$0 * rows.count / drawn] }
    let names = chosen.map { set.labelColumn?[$0] ?? set.cell($0) }
    let url = URL(filePath: out)
    let name = Figure.fileName(
      for: url.pathExtension.isEmpty
        ? url.lastPathComponent : url.deletingPathExtension().lastPathComponent)
    if receptiveField {
      let fields = try ReceptiveField(trained, data: set, rows: chosen)
      return try ReceptiveFieldFigure(fields, channels: set.channelNames, names: names)
        .figure(named: name)
    }
    return try ReconstructionFigure(
      Reconstruction(trained, data: set, rows: chosen), channels: set.channelNames, names: names,
      levels: levels ? (level.isEmpty ? known : level) : []
    ).figure(named: name)
  }
}
