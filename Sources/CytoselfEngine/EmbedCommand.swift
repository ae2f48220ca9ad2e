import ArgumentParser
import CellData
import CytoselfCommands
import CytoselfInference
import CytoselfTraining
import Foundation
import JobControl
import Numerics

/// `cytoself embed`: from a model and crops to embeddings with cell ids.
struct EmbedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Write the embeddings of cells and a table of their ids and labels.",
    discussion: """
      The folder gets LAYER.npy for every layer (float32; codes int32), cells.csv in the same order \
      and manifest.json. Layers are features (of models whose classifier reads features, as those of \
      the preset standard), encoder1, encoder2, vqvec1, vqvec2, vqind1, vqind2, vqindhist1, \
      vqindhist2; models of one level leave out the number.

        cytoself embed run cells/ --out embeddings
        cytoself embed run cells/ --out embeddings --layer features --layer vqindhist1
        cytoself embed weights.pt crops.npy --out embeddings
      """)

  @Argument(
    help: "A run folder, a checkpoint folder or a weight file (.safetensors, .pt, .chkp, .h5).")
  var model: String

  @Argument(help: "A folder of crops in any layout, or one .npy.")
  var data: String

  @Option(help: "The folder to write, made if it is not there.")
  var out: String

  @Option(
    name: .customLong("layer"),
    help: ArgumentHelp(
      "A layer to write; may be given several times.",
      discussion: """
        The default is features where the model has them, else vqvec2, the deepest quantised map.
        """, valueName: "name"))
  var layers: [String] = []

  @Flag(help: "Average over the eight flips and rotations of every crop.")
  var averageFlips = false

  @OptionGroup var use: ModelUseOptions

  func run() async throws {
    var options = Embedder.Options()
    options.layers = layers
    options.averagesFlips = averageFlips
    options.batchSize = use.batchSize
    options.loaderThreads = use.loaderThreads
    let (model, data, out, use) = (model, data, out, use)
    let manifest = try await DedicatedThread.run(name: "cytoself embedding") { [options] in
      let (trained, set) = try use.open(model: model, data: data)
      let embedder = try Embedder(trained, data: set, options: options)
      return try embedder.write(
        to: URL(filePath: out, directoryHint: .isDirectory),
        parts: try trained.knownParts(of: set))
    }
    for layer in manifest.layers {
      let shape = layer.shape.map(String.init).joined(separator: " x ")
      print("\(out)/\(layer.file)  \(layer.type)  \(shape)")
    }
    print("\(out)/cells.csv  \(manifest.cells.counted("cell"))")
  }
}
