import Foundation
import Testing

/// `cytoself crop` as a user runs it, on simulated fields.
@Suite struct CropTests {
  @Test func fieldsBecomeCropsAndABadOneIsListed() async throws {
    let folder = try TemporaryFolder()
    let simulated = try await BuiltProgram.run(
      [
        "simulate", "wells", "--whole-fields", "--patterns", "er", "--proteins-per-pattern", "1",
        "--fields", "1", "--field-size", "256", "--crowding", "0.8",
      ], in: folder.url)
    #expect(simulated.status == 0, "\(simulated.errors)")
    let crop = [
      "crop", "wells/fields", "--nucleus", "nucleus", "--protein", "protein", "--crop-size", "64",
      "--table", "wells/fields.csv", "--out",
    ]
    let run = try await BuiltProgram.run(crop + ["crops"], in: folder.url)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("from 1 fields written to crops"), "\(run.output)")
    try Data("no picture".utf8).write(to: folder.url.appending(path: "wells/fields/text.tif"))
    let partly = try await BuiltProgram.run(crop + ["partly"], in: folder.url)
    #expect(partly.status == 1)
    #expect(partly.errors.contains("this is no TIFF file"), "\(partly.errors)")
    #expect(partly.errors.contains("1 of 2 fields could not be used"), "\(partly.errors)")
    let table = try String(
      contentsOf: folder.url.appending(path: "partly/fields.csv"), encoding: .utf8)
    #expect(table.contains("this is no TIFF file"))
  }

  @Test(arguments: [
    (["--edge", "keep"], "--edge is 'keep', but must be one of drop, pad."),
    (["--diameter", "0"], "--diameter must be between 3 and 2000."),
    (["--drop", "ugly"], "--drop is 'ugly', but must be one of edge, cut"),
  ])
  func wrongOptionsEndWithUsage(options: [String], message: String) async throws {
    let run = try await BuiltProgram.run(["crop", "none", "--out", "crops"] + options)
    #expect(run.status == 64)
    #expect(run.errors.contains(message), "\(run.errors)")
  }

  @Test func aMissingFolderIsAMissingInput() async throws {
    let run = try await BuiltProgram.run(["crop", "none", "--out", "crops"])
    #expect(run.status == 66)
    #expect(run.errors.contains("there is no such file or folder"), "\(run.errors)")
  }
}
