public import ArgumentParser
import JobControl

/// The `cytoself` command: everything from microscope fields to embeddings and figures.
///
/// Commands that need libtorch are listed here by name and abstract alone.
public struct CytoselfCommand: AsyncParsableCommand {
  /// Name, summary and subcommands as `cytoself --help` shows them.
  public static let configuration = CommandConfiguration(
    commandName: "cytoself",
    abstract: "Learn where proteins sit in cells, from images alone.",
    version: Version.current,
    subcommands: [
      EngineCommands.Doctor.self,
      SimulateCommand.self,
      InspectCommand.self,
      EngineCommands.Convert.self,
      CropCommand.self,
      EngineCommands.Train.self,
      EngineCommands.Embed.self,
      EngineCommands.Reconstruct.self,
      UMAPCommand.self,
      ClusterCommand.self,
      SpectrumCommand.self,
      ScoreCommand.self,
      ExportCommand.self,
      AtlasCommand.self,
      EngineCommands.Demo.self,
      BenchCommand.self,
    ])

  /// An empty command, as the parser needs it.
  public init() {}
}
