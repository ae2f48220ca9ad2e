import Foundation
import Testing

/// `cytoself simulate` as a user runs it.
@Suite struct SimulateTests {
  static let small = [
    "--patterns", "er,golgi", "--proteins-per-pattern", "1", "--fields", "1", "--cells", "2",
    "--crop-size", "24",
  ]

  @Test func writesADataSetAndSaysWhatItDid() async throws {
    let folder = try TemporaryFolder()
    let run = try await BuiltProgram.run(
      ["simulate", "cells", "--json", "--no-contact-sheet"] + Self.small, in: folder.url)
    #expect(run.status == 0, "\(run.errors)")
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(object["crops"] as? Int == 4)
    #expect(object["layout"] as? String == "released")
    let files = try FileManager.default.contentsOfDirectory(
      atPath: folder.url.appending(path: "cells").path(percentEncoded: false))
    #expect(
      Set(files) == [
        "Image_data00.npy", "Label_data00.csv", "ground_truth.csv", "manifest.json",
      ])
  }

  @Test(arguments: [
    (["--patterns", "nucleus"], "error: No pattern is called 'nucleus'. Use one of nucleoplasm"),
    (["--cells", "0"], "error: --cells is 0, but must be between 1 and 10000."),
    (["--layout", "other"], "error: The value 'other' is invalid for '--layout <layout>'"),
  ])
  func wrongOptionsEndWithUsage(options: [String], message: String) async throws {
    let folder = try TemporaryFolder()
    let run = try await BuiltProgram.run(["simulate", "cells"] + options, in: folder.url)
    #expect(run.status == 64)
    #expect(run.errors.hasPrefix(message), "\(run.errors)")
    let left = try FileManager.default.contentsOfDirectory(
      atPath: folder.url.path(percentEncoded: false))
    #expect(!left.contains { $0.hasSuffix("cells") || $0.hasSuffix(".partial") })
  }

  @Test func aFileInTheWayIsAnOutputFailure() async throws {
    let folder = try TemporaryFolder()
    try Data().write(to: folder.url.appending(path: "cells"))
    let run = try await BuiltProgram.run(["simulate", "cells"] + Self.small, in: folder.url)
    #expect(run.status == 74)
    #expect(run.errors.contains("a file has this name"), "\(run.errors)")
  }
}
