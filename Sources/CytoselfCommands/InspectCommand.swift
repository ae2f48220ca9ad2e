import ArgumentParser
import ArrayFiles
import CellData
import Foundation

/// `cytoself inspect`: the contents of a data set or a weight file, and its problems.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show the contents of a data set or a weight file, and its problems.",
    discussion: """
      DATA is a folder in the sample layout (<name>_pro.npy, <name>_label.npy), a folder in the \
      released layout (Image_dataNN.npy, Label_dataNN.csv), or one .npy of crops with a table \
      beside it. It may also be weights: a run folder, a checkpoint folder, or a file \
      (.safetensors, .pt, .chkp, .h5), recognised by its content. No code in a file is ever run. Ends \
      with exit code 65 when the data set or the weights cannot be used.
      """)

  @Argument(
    help: "A folder of crops, one .npy, a run folder or a weight file.", completion: .file())
  var data: String

  @OptionGroup(title: "Reading")
  var reading: DataOptions

  @Flag(help: "Read the pixels of every crop, not of at most 20,000.")
  var all = false

  @Flag(help: "Print one JSON object.")
  var json = false

  /// Inspects a data set; weights are the engine's, which knows models.
  func run() throws {
    if holdsWeights {
      try EngineProgram.start(["inspect-weights"] + (json ? ["--json"] : []) + ["--", data])
    }
    let inspection = try DataInspection(
      URL(filePath: data), options: reading.options(), sampleLimit: all ? nil : 20_000)
    if json { print(try inspection.jsonText(indented: true)) } else { print(inspection) }
    if !inspection.isUsable { throw ExitCode(ExitStatus.badData.rawValue) }
  }

  /// Whether this is weights: a file of them, a checkpoint folder, or a run folder with any.
  private var holdsWeights: Bool {
    let url = URL(filePath: data)
    func names(in folder: URL) -> [String] {
      (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    }
    return names(in: url).contains { ["best.safetensors", "model.safetensors"].contains($0) }
      || names(in: url.appending(path: "checkpoints")).contains { $0.hasPrefix("epoch-") }
      || WeightFile.isLikely(url)
  }
}
