package import ArgumentParser

/// `cytoself bench train`: the time of one step of training.
package struct BenchTrainCommand: EngineCommand {
  package static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Time steps of training: forward, losses, backward, AdamW.")

  @OptionGroup package var options: BenchModelOptions

  @Option(help: "Images per step.")
  package var batchSize = 16

  @Option(help: "Steps that are timed, after one that is not.")
  package var steps = 3

  package func validate() throws {
    guard batchSize >= 1, steps >= 1 else {
      throw ValidationError("--batch-size and --steps are 1 or more.")
    }
  }

  package init() {}
}
