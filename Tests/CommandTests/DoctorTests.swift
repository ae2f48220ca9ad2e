import Foundation
import Testing

@Suite struct DoctorTests {
  @Test func printsWhatAPersonLooksFor() async throws {
    let run = try await BuiltProgram.run(["doctor"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors == "")
    for word in ["libtorch", "by the interface for 2.13", "devices", "cpu", "threads", "memory", "gnuplot"] {
      #expect(run.output.contains(word), "'\(word)' is not in:\n\(run.output)")
    }
  }

  @Test func printsOneObjectForScripts() async throws {
    let run = try await BuiltProgram.run(["doctor", "--json"])
    #expect(run.status == 0)
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(
      report.keys.sorted() == [
        "cores", "devices", "libtorch", "memory", "optional_parts", "program", "system", "threads",
      ])
    let library = try #require(report["libtorch"] as? [String: Any])
    #expect((library["version"] as? String)?.hasPrefix("2.13") == true)
    #expect(library["built_for"] as? String == "2.13")
    #expect((library["path"] as? String)?.contains("libtorch_cpu") == true)
    #expect(library["problem"] == nil)
    #expect((report["devices"] as? [String])?.first == "cpu")
  }

  @Test func saysThatGnuplotIsMissing() async throws {
    let run = try await BuiltProgram.run(
      ["doctor"], environment: ["PATH": "/nowhere", "CYTOSELF_GNUPLOT": ""])
    // Figures are optional, so this is no failure.
    #expect(run.status == 0)
    #expect(run.output.contains("gnuplot   not found"), "\(run.output)")
    #expect(run.output.contains("apt-get install gnuplot-nox"))
  }

  @Test func survivesAReaderThatLeaves() async throws {
    let run = try await BuiltProgram.run(
      program: URL(filePath: "/bin/sh"),
      ["-c", "('\(BuiltProgram.url.path(percentEncoded: false))' doctor; echo code $? >&2) | true"])
    #expect(run.errors == "code 0\n")
  }

  @Test(.enabled(if: FileManager.default.isWritableFile(atPath: "/dev/full")))
  func saysThatItsOutputCouldNotBeWritten() async throws {
    let run = try await BuiltProgram.run(
      program: URL(filePath: "/bin/sh"),
      ["-c", "'\(BuiltProgram.url.path(percentEncoded: false))' doctor > /dev/full"])
    #expect(run.status == 74)
    #expect(run.errors.hasPrefix("error: Standard output could not be written"), "\(run.errors)")
  }
}
