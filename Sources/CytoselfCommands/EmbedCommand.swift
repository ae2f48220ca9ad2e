package import ArgumentParser

/// `cytoself embed`: from a model and crops to embeddings with cell ids.
package struct EmbedCommand: EngineCommand {
  package static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Write the embeddings of cells, with a table of who they are.",
    discussion: """
      The folder gets LAYER.npy for every layer (float32; codes int32), cells.csv in the same order \
      and manifest.json. Layers are encoder1, encoder2, vqvec1, vqvec2, vqind1, vqind2, vqindhist1, \
      vqindhist2; models of one level leave out the number.

        cytoself embed run cells/ --out embeddings --layer vqvec2 --layer vqindhist1
        cytoself embed weights.pt crops.npy --out embeddings
      """)

  @Argument(
    help: "A run folder, a checkpoint folder or a weight file (.safetensors, .pt, .chkp, .h5).")
  package var model: String

  @Argument(help: "A folder of crops in any layout, or one .npy.")
  package var data: String

  @Option(help: "The folder to write, made if it is not there.")
  package var out: String

  @Option(
    name: .customLong("layer"),
    help: ArgumentHelp(
      "A layer to write; may be given several times.",
      discussion: "The default is vqvec2, the deepest quantised map.", valueName: "name"))
  package var layers: [String] = []

  @Flag(help: "Average over the eight flips and rotations of every crop.")
  package var averageFlips = false

  @OptionGroup package var use: ModelUseOptions

  package init() {}
}
