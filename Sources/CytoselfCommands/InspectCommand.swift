package import ArgumentParser
import ArrayFiles
import CellData
import Foundation

/// `cytoself inspect`: what is in a data set or a weight file and what is wrong with it.
package struct InspectCommand: EngineCommand {
  package static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Tell what is in a data set or a weight file and what is wrong with it.",
    discussion: """
      DATA is a folder in the sample layout (<name>_pro.npy, <name>_label.npy), a folder in the \
      released layout (Image_dataNN.npy, Label_dataNN.csv), or one .npy of crops with a table \
      beside it. It may also be weights: a run folder, a checkpoint folder, or a file \
      (.safetensors, .pt, .chkp, .h5), told by its content. Nothing in a file is ever run. Ends \
      with exit code 65 when the data set or the weights cannot be used.
      """)

  @Argument(
    help: "A folder of crops, one .npy, a run folder or a weight file.", completion: .file())
  package var data: String

  @OptionGroup(title: "Reading")
  package var reading: DataOptions

  @Flag(help: "Read the pixels of every crop, not of at most 20,000.")
  package var all = false

  @Flag(help: "Print one JSON object.")
  package var json = false

  package init() {}

  /// Tells of a data set; weights are the engine's, which knows models.
  package func run() async throws {
    if holdsWeights { try await workInEngine() } else { try inspectData() }
  }

  /// Tells of a data set.
  package func inspectData() throws {
    let inspection = try DataInspection(
      URL(filePath: data), options: reading.options(), sampleLimit: all ? nil : 20_000)
    if json { print(try inspection.jsonText(indented: true)) } else { print(inspection) }
    if !inspection.isUsable { throw ExitCode(ExitStatus.badData.rawValue) }
  }

  /// Whether this may be weights: a file of them, or a folder with such files or checkpoints.
  private var holdsWeights: Bool {
    let url = URL(filePath: data)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.contains { $0 == "checkpoints" || $0.hasSuffix(".safetensors") }
      || WeightFile.isLikely(url)
  }
}
