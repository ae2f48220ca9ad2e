import Foundation
import Testing

/// `--plain`, which leaves the computation to libtorch.
@Suite struct PlainTests {
  /// Kernels round in another order, so weights tell which ones computed.
  @Test func doesWhatTheEnvironmentVariableDoes() async throws {
    let folder = try TemporaryFolder()
    let data = try TinyDataSet().write(to: folder)
    func train(_ name: String, _ options: [String], _ environment: [String: String]) async throws
      -> Data
    {
      let run = try await BuiltProgram.run(
        [
          "train", data, "--out", folder.path(name), "--preset", "small", "--epochs", "1",
          "--threads", "1", "--set", "model.scale=quarter",
        ] + options, environment: environment)
      try #require(run.status == 0, "\(run.errors)")
      return try Data(contentsOf: folder.url.appending(path: name + "/best.safetensors"))
    }
    let usual = try await train("usual", [], [:])
    let plain = try await train("plain", ["--plain"], [:])
    #expect(plain != usual)
    #expect(try await train("variable", [], ["CYTOSELF_PLAIN": "1"]) == plain)

    func embed(_ name: String, _ options: [String], _ environment: [String: String]) async throws
      -> Data
    {
      let run = try await BuiltProgram.run(
        ["embed", folder.path("usual"), data, "--out", folder.path(name), "--layer", "encoder2"]
          + options, environment: environment)
      try #require(run.status == 0, "\(run.errors)")
      return try Data(contentsOf: folder.url.appending(path: name + "/encoder2.npy"))
    }
    let embedded = try await embed("e1", ["--plain"], [:])
    #expect(try await embed("e2", [], ["CYTOSELF_PLAIN": "1"]) == embedded)
    #expect(try await embed("e3", [], [:]) != embedded)
  }
}
