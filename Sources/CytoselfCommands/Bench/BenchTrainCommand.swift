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

  @Option(
    help: ArgumentHelp(
      "What products are computed in: float32, or bfloat16, on any processor.",
      valueName: "format"))
  package var precision = "float32"

  package func validate() throws {
    guard batchSize >= 1, steps >= 1 else {
      throw ValidationError("--batch-size and --steps are 1 or more.")
    }
    guard ["float32", "bfloat16"].contains(precision) else {
      throw ValidationError("--precision is float32 or bfloat16, not '\(precision)'.")
    }
  }

  package init() {}
}
