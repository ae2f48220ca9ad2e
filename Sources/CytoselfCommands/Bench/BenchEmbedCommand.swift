package import ArgumentParser

/// `cytoself bench embed`: the rate of embedding.
package struct BenchEmbedCommand: EngineCommand {
  package static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Time the embedding of batches.")

  @OptionGroup package var options: BenchModelOptions

  @Option(
    name: .customLong("layer"),
    help: ArgumentHelp("A layer to compute; may be given several times.", valueName: "name"))
  package var layers = ["vqvec2"]

  @Option(help: "Images per batch.")
  package var batchSize = 32

  @Option(help: "Batches that are timed, after one that is not.")
  package var steps = 9

  package func validate() throws {
    guard batchSize >= 1, steps >= 1 else {
      throw ValidationError("--batch-size and --steps are 1 or more.")
    }
  }

  package init() {}
}
