import Foundation
import Testing

/// What `--help` says, and that no command or option appears without someone looking.
@Suite struct HelpTests {
  @Test func showsWhatTheProgramIs() async throws {
    let run = try await BuiltProgram.run(["--help"], environment: ["COLUMNS": "80"])
    #expect(run.status == 0)
    #expect(run.errors == "")
    try expectSnapshot(run.output, named: "help")
  }

  @Test func refusesAnUnknownOption() async throws {
    let run = try await BuiltProgram.run(["--no-such-option"])
    #expect(run.status == 64)
    #expect(run.output == "")
    #expect(run.errors.hasPrefix("error: Unknown option '--no-such-option'"), "\(run.errors)")
    #expect(run.errors.contains("Usage: cytoself"))
  }

  @Test func listsEveryCommandAndOption() async throws {
    let run = try await BuiltProgram.run(["--experimental-dump-help"])
    #expect(run.status == 0)
    let tool = try JSONDecoder().decode(ToolDescription.self, from: Data(run.output.utf8))
    try expectSnapshot(tool.command.listing(), named: "options")
    // Whoever meets an option in a script must be able to read what it does.
    #expect(tool.command.withoutHelp() == [])
  }
}

/// The part of the argument parser's description of a program that the tests look at.
private struct ToolDescription: Decodable {
  struct Name: Decodable {
    let kind: String
    let name: String

    var text: String { (kind == "long" ? "--" : "-") + name }
  }

  struct Argument: Decodable {
    let kind: String
    let shouldDisplay: Bool
    let isOptional: Bool
    let isRepeating: Bool
    let names: [Name]?
    let valueName: String?
    let abstract: String?

    var text: String {
      let spelled = names.map { $0.map(\.text).joined(separator: ", ") } ?? ""
      let value = kind == "flag" ? "" : "<\(valueName ?? "")>"
      let text = [spelled, value].filter { !$0.isEmpty }.joined(separator: " ")
      return (isOptional ? "[\(text)]" : text) + (isRepeating ? "..." : "")
    }
  }

  struct Command: Decodable {
    let commandName: String
    let abstract: String?
    let shouldDisplay: Bool?
    let superCommands: [String]?
    let subcommands: [Command]?
    let arguments: [Argument]?

    var path: String { ((superCommands ?? []) + [commandName]).joined(separator: " ") }

    var own: [Argument] {
      (arguments ?? []).filter { argument in
        argument.shouldDisplay
          && !(argument.names ?? []).contains { ["help", "version"].contains($0.name) }
      }
    }

    var others: [Command] {
      (subcommands ?? []).filter { $0.commandName != "help" && $0.shouldDisplay != false }
    }

    /// The command and those below it, a line for each option.
    func listing() -> String {
      ([path] + own.map { "  " + $0.text }).joined(separator: "\n") + "\n"
        + others.map { $0.listing() }.joined()
    }

    /// The commands and options that no sentence explains.
    func withoutHelp() -> [String] {
      let silent = own.filter { ($0.abstract ?? "").isEmpty }.map { "\(path) \($0.text)" }
      return ((abstract ?? "").isEmpty ? [path] : []) + silent + others.flatMap { $0.withoutHelp() }
    }
  }

  let command: Command
}
