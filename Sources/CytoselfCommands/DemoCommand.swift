package import ArgumentParser

/// `cytoself demo`: the whole way from simulated cells to a report, on any laptop.
package struct DemoCommand: EngineCommand {
  package static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Simulate cells, train, embed, and report how well proteins are told apart.",
    discussion: """
      Everything lies in OUT: cells/ (simulated crops), run/ (the training), embeddings/, figures/, \
      map.html (a map to point at) and report.html; both open without a network. It takes some minutes on two CPU cores.
      """)

  @Argument(help: "The folder to write.")
  package var out = "report"

  @Option(help: "Passes over the training cells.")
  package var epochs = 12

  @Option(help: "Cells of each field.")
  package var cells = 12

  @Option(help: "The seed of the cells, the training and the map.")
  package var seed: UInt64 = 0

  @Option(help: "Threads of one tensor operation; 0 uses all cores.")
  package var threads = 0

  package func validate() throws {
    guard epochs >= 1, cells >= 1, threads >= 0 else {
      throw ValidationError("--epochs and --cells are 1 or more, --threads 0 or more.")
    }
  }

  package init() {}
}
