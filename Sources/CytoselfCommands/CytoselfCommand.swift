public import ArgumentParser
import JobControl

/// The `cytoself` command: everything from microscope fields to embeddings and figures.
public struct CytoselfCommand: AsyncParsableCommand {
  /// Name, summary and subcommands as `cytoself --help` shows them.
  public static let configuration = CommandConfiguration(
    commandName: "cytoself",
    abstract: "Learn where proteins sit in cells, from images alone.",
    version: Version.current,
    subcommands: [
      DoctorCommand.self,
      SimulateCommand.self,
      InspectCommand.self,
      ConvertCommand.self,
      CropCommand.self,
      TrainCommand.self,
      EmbedCommand.self,
      ReconstructCommand.self,
      UMAPCommand.self,
      ClusterCommand.self,
      SpectrumCommand.self,
      ScoreCommand.self,
      ExportCommand.self,
      DemoCommand.self,
      BenchCommand.self,
    ])

  /// An empty command, as the parser needs it.
  public init() {}
}
