import ArgumentParser

/// `cytoself bench`: how fast this machine does each part of the work.
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure training, embedding, loading, mapping and spectra on this machine.",
    subcommands: [
      BenchTrainCommand.self, BenchEmbedCommand.self, BenchLoadCommand.self,
      BenchUMAPCommand.self, BenchSpectrumCommand.self,
    ])
}
