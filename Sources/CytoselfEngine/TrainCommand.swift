import ArgumentParser
import CytoselfCommands
import CytoselfTraining
import Foundation

/// `cytoself train`: from crops to a trained model.
struct TrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on crops and write a run folder.",
    discussion: """
      Settings come from a preset, then a configuration file, then options. --print-config shows \
      the result with a comment on every setting. Ctrl-C finishes the step and saves; the same \
      command with --resume continues exactly where it stopped.

        cytoself train cells/ --out run --preset small
        cytoself train cells/ --out run --resume
        cytoself train cells/ --out run --config mine.yaml --set model.variant=no-split
        cytoself train new-cells/ --out tuned --init run --freeze encoder,codebooks
      """)

  @Argument(help: "A folder of crops in any layout, or one .npy.")
  var data: String?

  @Option(help: "The run's folder, made if it is not there.")
  var out: String?

  @OptionGroup var options: TrainingOptions

  @Flag(help: "Continue from the newest checkpoint of --out.")
  var resume = false

  @Flag(help: "Print the resolved configuration and stop.")
  var printConfig = false

  func run() async throws {
    if printConfig {
      let base = resume ? try TrainingOptions.configuration(of: outFolder()) : nil
      let resolved = try options.configuration(data: data, base: base)
      print(resolved.yaml, terminator: "")
      return
    }
    options.kernels.apply()
    let run = try outFolder()
    let configuration: TrainingConfiguration
    if resume {
      let base = try TrainingOptions.configuration(of: run)
      configuration = try options.configuration(data: data, base: base)
      try configuration.requireContinuation(of: base)
    } else {
      configuration = try options.configuration(data: data, base: nil)
    }
    try await TrainingSession.run(configuration, in: run, resumes: resume)
  }

  private func outFolder() throws -> RunDirectory {
    guard let out else { throw ValidationError("Missing expected option '--out <out>'") }
    return RunDirectory(URL(filePath: out, directoryHint: .isDirectory))
  }
}
