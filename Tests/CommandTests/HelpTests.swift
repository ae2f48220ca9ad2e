import Foundation
import Testing

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
}
