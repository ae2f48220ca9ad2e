import ArrayFiles
import Foundation
import Testing

@Suite struct InspectTests {
  /// Two shards in the released layout: three proteins with three fields each.
  func released() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for shard in 0..<2 {
      let count = 9 * 8 * 8 * 4
      let pixels: [Float] = (0..<count).map { Float($0 % 251) / Float(251) }
      try NPY.write(
        pixels, shape: [9, 8, 8, 4], to: folder.url.appending(path: "Image_data0\(shard).npy"))
      let rows = (0..<9).map { "ENSG\($0 / 3),P\($0 / 3),\($0)" }.joined(separator: "\n")
      try folder.write("ensg,name,FOV_id\n\(rows)\n", to: "Label_data0\(shard).csv")
    }
    return folder
  }

  @Test func tellsWhatIsThere() async throws {
    let folder = try released()
    let run = try await BuiltProgram.run(["inspect", folder.url.path(percentEncoded: false)])
    #expect(run.status == 0, "\(run.errors)")
    for phrase in [
      "released layout", "18, 8 x 8 pixels, 4 channels", "* pro: 0", "name [protein]: 3 values",
      "FOV_id [field]: 9 values", "proteins  3 with 6 to 6 cells, 9 fields", "usable, 0 warnings",
    ] {
      #expect(run.output.contains(phrase), "\(run.output)")
    }
  }

  @Test func printsJSONForScripts() async throws {
    let folder = try released()
    let run = try await BuiltProgram.run(
      ["inspect", folder.url.path(percentEncoded: false), "--json", "--channels", "nucdist"])
    #expect(run.status == 0, "\(run.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect(object?["cells"] as? Int == 18)
    #expect(object?["is_usable"] as? Bool == true)
    #expect((object?["problems"] as? [Any])?.isEmpty == true)
    #expect(object?["bytes_per_crop"] as? Int == 256)
  }

  /// Weights of a model lie in files of their names; any other file beside crops is none of them.
  @Test func cropsBesideAnotherFileAreCrops() async throws {
    let folder = try released()
    try folder.write("notes", to: "other.safetensors")
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "checkpoints"), withIntermediateDirectories: true)
    let run = try await BuiltProgram.run(["inspect", folder.url.path(percentEncoded: false)])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("released layout"), "\(run.output)")
  }

  @Test func endsWith65WhenItCannotBeUsed() async throws {
    let folder = try released()
    try folder.write("ensg,name,FOV_id\na,b,c\n", to: "Label_data01.csv")
    try folder.write("no array", to: "Image_data00.npy")
    let run = try await BuiltProgram.run(["inspect", folder.url.path(percentEncoded: false)])
    #expect(run.status == 65)
    #expect(run.output.contains("cannot be used: 2 errors"), "\(run.output)")
    #expect(run.output.contains("Label_data01.csv"))
    #expect(run.output.contains("1 row, but"))
  }

  @Test(arguments: [
    (["nowhere"], Int32(66), "nowhere: no such file or folder. Check the path."),
    (
      ["DATA", "--label-column", "gene"], 64, "error: column gene: no such label column. There are"
    ),
    (["DATA", "--channels", "pro,red"], 64, "error: channel red: no such channel."),
    (["DATA", "--intensity", "pro"], 64, "--intensity pro: expected a channel and a number"),
    (["DATA", "--integer-scale", "half"], 64, "'half'"),
  ])
  func refusesWhatMakesNoSense(arguments: [String], status: Int32, message: String) async throws {
    let folder = try released()
    let path = folder.url.path(percentEncoded: false)
    let run = try await BuiltProgram.run(["inspect"] + arguments.map { $0 == "DATA" ? path : $0 })
    #expect(run.status == status)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.output == "")
  }
}
