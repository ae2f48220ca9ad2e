package import ArgumentParser

/// `cytoself convert`: weights from one format into another.
package struct ConvertCommand: EngineCommand {
  package static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write weights in another format, without changing a number.",
    discussion: """
      The format follows from the ending of OUT: .safetensors describes the model, so that it can be \
      used alone; .pt is a state dictionary that torch.load(path, weights_only=True) opens and the \
      original's load_state_dict takes; .h5 is what load_weights of the original in Keras \
      takes, for models of the keras architecture.

        cytoself convert checkpoint_ep30.chkp weights.safetensors
        cytoself convert run weights.pt
        cytoself convert weights.h5 weights.safetensors
      """)

  @Argument(
    help: "A run folder, a checkpoint folder or a weight file (.safetensors, .pt, .chkp, .h5).",
    completion: .file())
  package var input: String

  @Argument(help: "The file to write.", completion: .file())
  package var output: String

  @Option(
    help: ArgumentHelp(
      "The side of the crops that the weights are for, where they do not tell it.",
      valueName: "pixels"))
  package var cropSize: Int?

  package func validate() throws {
    guard cropSize ?? 1 >= 1 else { throw ValidationError("--crop-size is 1 or more.") }
  }

  package init() {}
}
