import CytoselfCommands
import CytoselfModel
import CytoselfTraining
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

  @Test func checksArgumentsBeforeTheEngineStarts() async throws {
    let folder = try TemporaryFolder()
    let run = try await BuiltProgram.run(
      program: alone(in: folder), ["embed", "run", "cells", "--out", "e", "--batch-size", "0"])
    #expect(run.status == 64)
    #expect(run.errors.contains("--batch-size"), "\(run.errors)")
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

  @Test func namesThePresetsThereAre() {
    #expect(PresetNames.all == Preset.allCases.map(\.rawValue))
  }
}
