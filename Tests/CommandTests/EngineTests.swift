import ArgumentParser
import CytoselfCommands
import CytoselfEngine
import Foundation
import Testing

/// `cytoself` without libtorch, and the engine beside it that has it.
@Suite struct EngineTests {
  private static let program = BuiltProgram.url
  private static let engine = program.deletingLastPathComponent().appending(path: "cytoself-engine")

  /// A copy of the program that users start, with nothing beside it.
  private func alone(in folder: TemporaryFolder) throws -> URL {
    let copy = folder.url.appending(path: "cytoself")
    try FileManager.default.copyItem(at: Self.program, to: copy)
    return copy
  }

  /// Loading libtorch costs a quarter of a second, so no import may bring it back.
  @Test func startsWithoutLibtorch() throws {
    let name = Data("libtorch_cpu".utf8)
    #expect(try Data(contentsOf: Self.program, options: .mappedIfSafe).range(of: name) == nil)
    #expect(try Data(contentsOf: Self.engine, options: .mappedIfSafe).range(of: name) != nil)
  }

  @Test func worksOnDataWithoutTheEngine() async throws {
    let folder = try TemporaryFolder()
    let cytoself = try alone(in: folder)
    let data = try TinyDataSet().write(to: folder)
    let inspected = try await BuiltProgram.run(program: cytoself, ["inspect", data])
    #expect(inspected.status == 0, "\(inspected.errors)")
    #expect(inspected.output.contains("48, 24 x 24 pixels"), "\(inspected.output)")
    let loaded = try await BuiltProgram.run(
      program: cytoself, ["bench", "load", data, "--epochs", "1", "--json"])
    #expect(loaded.status == 0, "\(loaded.errors)")
  }

  @Test(arguments: [
    ["train", "cells", "--out", "run"], ["doctor"], ["convert", "a.pt", "b.h5"],
    ["spectrum", "--codebook", "run", "--out", "codes"], ["bench", "embed"],
  ])
  func saysThatTheEngineIsMissing(arguments: [String]) async throws {
    let folder = try TemporaryFolder()
    let run = try await BuiltProgram.run(program: alone(in: folder), arguments)
    #expect(run.status == 69)
    #expect(run.output == "")
    #expect(
      run.errors.hasSuffix(
        """
        cytoself-engine: the part of cytoself with libtorch, which this command needs, cannot be run \
        (No such file or directory). Build it where libtorch is, with `swift build -c release \
        --product cytoself-engine`, and keep both programs in one folder.

        """), "\(run.errors)")
  }

  @Test(arguments: [
    (["embed", "run", "cells", "--out", "e", "--batch-size", "0"], "--batch-size"),
    (["train", "--no-such-option"], "Unknown option '--no-such-option'"),
    (["bench", "embed", "--steps", "many"], "--steps"),
  ])
  func refusesArgumentsOfTheEnginesCommands(arguments: [String], text: String) async throws {
    let run = try await BuiltProgram.run(arguments)
    #expect(run.status == 64)
    #expect(run.output == "")
    #expect(run.errors.hasPrefix("error: ") && run.errors.contains(text), "\(run.errors)")
    let command = arguments[0] == "bench" ? "bench embed" : arguments[0]
    #expect(run.errors.contains("Usage: cytoself \(command) "), "\(run.errors)")
  }

  @Test(arguments: [
    ["train", "--help"], ["train", "cells", "-h"], ["help", "train"],
  ])
  func helpOfACommandIsItsOwn(arguments: [String]) async throws {
    let run = try await BuiltProgram.run(arguments)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("USAGE: cytoself train [<options>] [<data>]"), "\(run.output)")
    #expect(run.output.contains("--resume"), "\(run.output)")
  }

  /// A user waits for the list at the prompt, so the engine is not started for it.
  @Test(arguments: [["--help"], ["help"], ["bench", "--help"], ["help", "umap"]])
  func listsTheCommandsAlone(arguments: [String]) async throws {
    let folder = try TemporaryFolder()
    let run = try await BuiltProgram.run(program: alone(in: folder), arguments)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("OVERVIEW: "), "\(run.output)")
  }

  /// A link on PATH is how many install a program.
  @Test func findsTheEngineThroughALink() async throws {
    let folder = try TemporaryFolder()
    let link = folder.url.appending(path: "cells")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: Self.program)
    let run = try await BuiltProgram.run(program: link, ["doctor"])
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func bothProgramsExplainThemselvesAlike() async throws {
    let one = try await BuiltProgram.run(["--experimental-dump-help"])
    let other = try await BuiltProgram.run(program: Self.engine, ["--experimental-dump-help"])
    #expect(one.output == other.output)
  }

  @Test func tellsItsVersion() async throws {
    let run = try await BuiltProgram.run(["--version"])
    #expect(run.status == 0)
    #expect(run.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil, "\(run.output)")
  }

  /// `cytoself` lists the engine's commands as they describe themselves, and the engine has them whole.
  @Test func listsTheEnginesCommands() {
    let listed = Self.commands(below: CytoselfCommand.self)
    let whole = Self.commands(below: EngineRoot.self)
    #expect(listed.map(\.line) == whole.map(\.line))
    #expect(listed.count { $0.isEntry } == 8)
    #expect(whole.count { $0.isEntry } == 0)
  }

  /// A command as a list shows it, and whether it is only an entry of that list.
  private struct Listed {
    let line: String
    let isEntry: Bool
  }

  private static func commands(below command: any ParsableCommand.Type) -> [Listed] {
    var found: [Listed] = []
    for command in command.configuration.subcommands {
      let configuration = command.configuration
      guard configuration.shouldDisplay else { continue }
      found.append(
        Listed(
          line: "\(configuration.commandName ?? ""): \(configuration.abstract)",
          isEntry: command is any EngineCommand.Type))
      found += commands(below: command)
    }
    return found
  }
}
