package import ArgumentParser

/// `cytoself reconstruct`: what a model makes of cells, as a figure.
package struct ReconstructCommand: EngineCommand {
  package static let configuration = CommandConfiguration(
    commandName: "reconstruct",
    abstract: "Draw what a model makes of cells, and what single levels hold and see.",
    discussion: """
      FIGURE is a name such as figures/cells: figures/cells.png, .svg and .pdf are drawn, with \
      the script and the data that drew them beside them. Shown are input, output and difference, \
      and the output from each level alone, the map of the other levels zeroed; --level chooses. \
      --receptive-field draws instead what the code in the middle of each level's map sees: the \
      derivative of the code by the pixels.

        cytoself reconstruct run cells/ --out figures/cells --cells 12
        cytoself reconstruct run cells/ --out figures/local --level 1
        cytoself reconstruct run cells/ --out figures/fields --receptive-field
      """)

  @Argument(
    help: "A run folder, a checkpoint folder or a weight file (.safetensors, .pt, .chkp, .h5).")
  package var model: String

  @Argument(help: "A folder of crops in any layout, or one .npy.")
  package var data: String

  @Option(help: ArgumentHelp("The figure's name, without ending.", valueName: "figure"))
  package var out: String

  @Option(help: "How many cells to draw, spread evenly over the held-out cells, or over all.")
  package var cells = 8

  @Flag(inversion: .prefixedNo, help: "Add the output from each level alone, the others zeroed.")
  package var levels = true

  @Option(help: "Add the output from this level alone, from 1; may be given again (default: each).")
  package var level: [Int] = []

  @Flag(help: "Draw what the codes in the middle of each level see, instead of the output.")
  package var receptiveField = false

  @OptionGroup package var use: ModelUseOptions

  package func validate() throws {
    guard (1...100).contains(cells) else { throw ValidationError("--cells is 1 to 100.") }
    guard level.isEmpty || (levels && !receptiveField) else {
      throw ValidationError("--level has no meaning with --no-levels or --receptive-field.")
    }
  }

  package init() {}
}
