import ArgumentParser
import CytoselfCommands
import CytoselfInference
import CytoselfTraining
import Foundation
import JobControl

/// `cytoself convert`: weights from one format into another.
struct ConvertCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
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
  var input: String

  @Argument(help: "The file to write.", completion: .file())
  var output: String

  @Option(
    help: ArgumentHelp(
      "The side of the crops that the weights are for, where they do not determine it.",
      valueName: "pixels"))
  var cropSize: Int?

  func validate() throws {
    guard cropSize ?? 1 >= 1 else { throw ValidationError("--crop-size is 1 or more.") }
  }

  func run() async throws {
    let (input, output) = (URL(filePath: input), URL(filePath: output))
    let cropSize = cropSize
    let format = try WeightConversion.Format(output)
    let loss = try await DedicatedThread.run(name: "cytoself conversion") {
      let conversion = try WeightConversion(
        input,
        cropSize: cropSize ?? (format == .safetensors ? nil : ConvertCommand.anySize(input)))
      try conversion.write(to: output)
      return conversion.loss(in: output)
    }
    print(output.path)
    if let loss { StandardError.print("note: \(loss)") }
  }

  /// A size for weights that do not determine it, where the written format does not hold it either.
  private static func anySize(_ input: URL) throws -> Int? {
    try ModelSource(input).cropSizes == nil ? WeightConversion.usualCropSize : nil
  }
}
