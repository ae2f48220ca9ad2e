package import ArgumentParser

/// `cytoself bench`: how fast this machine does each part of the work.
package struct BenchCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure training, embedding, loading, mapping and spectra on this machine.",
    subcommands: [
      EngineCommands.BenchTrain.self, EngineCommands.BenchEmbed.self, BenchLoadCommand.self,
      BenchUMAPCommand.self, BenchSpectrumCommand.self,
    ])

  package init() {}
}
