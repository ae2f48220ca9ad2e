public import ArgumentParser
import CytoselfCommands

/// `cytoself` as the engine runs it: every command whole.
///
/// Names, order and abstracts are those of `CytoselfCommand`; the commands that it knows by name
/// alone are replaced by the commands themselves.
public struct EngineRoot: AsyncParsableCommand {
  /// Name, summary and subcommands, with those that only programs call and `--help` leaves out.
  public static let configuration = CytoselfCommand.configuration.replacing(
    by: [
      DoctorCommand.self, ConvertCommand.self, TrainCommand.self, EmbedCommand.self,
      ReconstructCommand.self, DemoCommand.self, EngineBenchCommand.self,
    ],
    adding: [InspectWeightsCommand.self, CodebookCommand.self])

  /// An empty command, as the parser needs it.
  public init() {}
}

/// `cytoself bench` with the benchmarks that run a model.
struct EngineBenchCommand: AsyncParsableCommand {
  static let configuration = BenchCommand.configuration.replacing(
    by: [BenchTrainCommand.self, BenchEmbedCommand.self])
}

extension CommandConfiguration {
  /// The same group of commands, some of them replaced by those of the same name.
  fileprivate func replacing(
    by commands: [any ParsableCommand.Type], adding hidden: [any ParsableCommand.Type] = []
  ) -> CommandConfiguration {
    var configuration = self
    configuration.subcommands =
      subcommands.map { command in
        commands.first { $0._commandName == command._commandName } ?? command
      } + hidden
    return configuration
  }
}
