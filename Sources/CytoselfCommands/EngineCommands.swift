package import ArgumentParser

/// A command of the engine as it is listed by the program without libtorch: name and abstract.
///
/// Its arguments are the engine's to parse, help included. A test keeps names and abstracts equal to
/// the engine's own.
package protocol EngineCommand: ParsableCommand {}

/// The commands of the engine, as `cytoself --help` and `cytoself bench --help` list them.
enum EngineCommands {
  struct Doctor: EngineCommand {
    static let configuration = CommandConfiguration(
      commandName: "doctor",
      abstract: "Show libtorch, devices, threads, memory and optional parts.")
  }

  struct Convert: EngineCommand {
    static let configuration = CommandConfiguration(
      commandName: "convert",
      abstract: "Write weights in another format, without changing a number.")
  }

  struct Train: EngineCommand {
    static let configuration = CommandConfiguration(
      commandName: "train", abstract: "Train a model on crops and write a run folder.")
  }

  struct Embed: EngineCommand {
    static let configuration = CommandConfiguration(
      commandName: "embed",
      abstract: "Write the embeddings of cells and a table of their ids and labels.")
  }

  struct Reconstruct: EngineCommand {
    static let configuration = CommandConfiguration(
      commandName: "reconstruct",
      abstract: "Draw reconstructions of cells, also from single levels, or receptive fields.")
  }

  struct Demo: EngineCommand {
    static let configuration = CommandConfiguration(
      commandName: "demo",
      abstract: "Simulate cells, train, embed, and report how well proteins are distinguished.")
  }

  struct BenchTrain: EngineCommand {
    static let configuration = CommandConfiguration(
      commandName: "train", abstract: "Time steps of training: forward, losses, backward, AdamW.")
  }

  struct BenchEmbed: EngineCommand {
    static let configuration = CommandConfiguration(
      commandName: "embed", abstract: "Time the embedding of batches.")
  }
}
