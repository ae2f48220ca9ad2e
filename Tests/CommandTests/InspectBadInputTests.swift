import Foundation
import Testing

/// `inspect` names what is wrong with data that no command can use.
@Suite struct InspectBadInputTests {
  @Test(arguments: BadInput.damagedFiles)
  func namesWhatIsWrong(_ input: BadInput) async throws {
    let folder = try TemporaryFolder()
    let run = try await BuiltProgram.run(["inspect", try input.make(folder).path])
    #expect(!run.wasKilled)
    // A missing part of a data set is one of the findings, not a missing input.
    #expect(run.status == 65 || run.status == input.status, "\(run.errors)\(run.output)")
    for word in input.words {
      #expect((run.output + run.errors).contains(word), "'\(word)' in:\n\(run.output)\(run.errors)")
    }
  }
}
