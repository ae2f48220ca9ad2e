import ArrayFiles
import Foundation
import Testing

/// Upstream's own files through the command line, against what upstream computed with them.
@Suite(.enabled(if: UpstreamWeights.exists)) struct UpstreamWeightTests {
  private func embed(
    _ weights: String, model: String, kinds: [String], into folder: TemporaryFolder,
    extra: [String] = []
  ) async throws -> BuiltProgram.Outcome {
    let layers = UpstreamWeights.layers(model, kinds).flatMap { ["--layer", $0] }
    return try await BuiltProgram.run(
      ["embed", weights, UpstreamWeights.path(model, "image.npy"), "--threads", "2", "--out"]
        + [folder.path("out")] + layers + extra, environment: UpstreamWeights.environment)
  }

  private func floats(_ folder: TemporaryFolder, _ layer: String) throws -> [Float] {
    try NPYFile(folder.url.appending(path: "out/\(layer).npy")).floats()
  }

  @Test(arguments: UpstreamWeights.files)
  func embedsAsUpstream(model: String, file: String) async throws {
    let folder = try TemporaryFolder()
    let run = try await embed(
      UpstreamWeights.path(model, file), model: model,
      kinds: ["encoder", "vqvec", "vqind", "vqindhist"], into: folder)
    #expect(run.status == 0, "\(run.errors)")
    #expect(!run.errors.contains("warning"), "\(run.errors)")
    // Only this one's classifiers read histograms, which do not tell the crop size.
    #expect(run.errors.contains("does not determine the crop size") == (model == "pt_lite"))
    for layer in UpstreamWeights.layers(model, ["encoder"]) {
      let error = try relativeDifference(
        floats(folder, layer), UpstreamWeights.floats(model, layer))
      print("\(model)/\(file) \(layer): error \(error)")
      #expect(error < 1e-4, "\(layer)")
    }
    guard UpstreamWeights.isReproducible else { return }
    for layer in UpstreamWeights.layers(model, ["vqvec", "vqindhist"]) {
      let error = try relativeDifference(
        floats(folder, layer), UpstreamWeights.floats(model, layer))
      print("\(model)/\(file) \(layer): error \(error)")
      #expect(error < 1e-4, "\(layer)")
    }
    for layer in UpstreamWeights.layers(model, ["vqind"]) {
      let codes = try floats(folder, layer)
      let equal = try zip(codes, UpstreamWeights.floats(model, layer)).count { $0 == $1 }
      #expect(Double(equal) >= 0.999 * Double(codes.count), "\(layer)")
    }
  }

  /// State dictionary to safetensors and back: every tensor, and what is embedded with them.
  @Test(arguments: ["pt_split", "pt_vqvaefc"])
  func convertsThereAndBack(model: String) async throws {
    let folder = try TemporaryFolder()
    let original = UpstreamWeights.path(model, "state_dict.pt")
    let (there, back) = (folder.path("w.safetensors"), folder.path("w.pt"))
    for (input, output) in [(original, there), (there, back)] {
      let run = try await BuiltProgram.run(["convert", input, output])
      #expect(run.status == 0, "\(run.errors)")
    }
    let expected = try WeightFile(URL(filePath: original)).arrays
    #expect(try WeightFile(URL(filePath: back)).arrays.map(\.name) == expected.map(\.name))
    for path in [there, back] {
      let arrays = try WeightFile(URL(filePath: path)).arrays
      try expectEqual(arrays, expected)
    }
    let run = try await embed(there, model: model, kinds: ["encoder"], into: folder)
    #expect(run.status == 0, "\(run.errors)")
    for layer in UpstreamWeights.layers(model, ["encoder"]) {
      let error = try relativeDifference(
        floats(folder, layer), UpstreamWeights.floats(model, layer))
      #expect(error < 1e-4, "\(layer)")
    }
  }

  @Test func inspectsACheckpoint() async throws {
    let path = UpstreamWeights.path("pt_vqvaefc", "checkpoint_ep1.chkp")
    let run = try await BuiltProgram.run(["inspect", path])
    #expect(run.status == 0, "\(run.errors)")
    for phrase in [
      "torch, training checkpoint", "464 (390 float32, 74 int64)", "1 level, 2 channels, scale b0",
      "4 x 4 at crops of 100, 128 codes of width 16, 1 per position",
      "vqvec, 2 layers of 32, 9 classes", "97 to 128 pixels", "epoch       1",
      "726 tensors, 1 group, learning rate 0.001", "history     train_loss", "usable",
      "assumed     head.dropout",
    ] {
      #expect(run.output.contains(phrase), "'\(phrase)' is not in:\n\(run.output)")
    }
    let module = try await BuiltProgram.run(
      ["inspect", UpstreamWeights.path("pt_vqvaefc", "model_1.pt"), "--json"])
    #expect(module.status == 0)
    let object = try JSONSerialization.jsonObject(with: Data(module.output.utf8)) as? [String: Any]
    #expect(object?["content"] as? String == "module")
    #expect((object?["class_name"] as? String)?.hasSuffix("VQVAEFC") == true)
    #expect((object?["model"] as? [String: Any])?["classes"] as? Int == 9)
    #expect(object?["level_sizes"] as? [Int] == [4])
  }

  @Test func cropSizeThatDoesNotFitIsRefused() async throws {
    let folder = try TemporaryFolder()
    let readme = UpstreamWeights.path("pt_readme", "state_dict.pt")
    let run = try await embed(
      readme, model: "pt_readme", kinds: ["vqvec"], into: folder, extra: ["--crop-size", "64"])
    #expect(run.status == 65)
    #expect(run.errors.contains("need 97 to 100"), "\(run.errors)")
    let lite = try await BuiltProgram.run(
      [
        "convert", UpstreamWeights.path("pt_lite", "state_dict.pt"), folder.path("l.safetensors"),
      ])
    #expect(lite.status == 64)
    #expect(lite.errors.contains("histograms of codes"), "\(lite.errors)")
    #expect(lite.errors.contains("--crop-size"), "\(lite.errors)")
    #expect(!folder.contains("l.safetensors"))
  }
}

/// The same tensors by name: shapes, element types and bytes.
func expectEqual(
  _ arrays: [NamedArray], _ expected: [NamedArray],
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  #expect(
    Set(arrays.map(\.name)) == Set(expected.map(\.name)), sourceLocation: sourceLocation)
  let found = Dictionary(arrays.map { ($0.name, $0) }) { first, _ in first }
  for array in expected {
    let own = try #require(found[array.name], sourceLocation: sourceLocation)
    #expect(own.shape == array.shape, "\(array.name)", sourceLocation: sourceLocation)
    #expect(own.elementType == array.elementType, "\(array.name)", sourceLocation: sourceLocation)
    let isEqual = own.withBytes { one in
      array.withBytes { other in one.elementsEqual(other) }
    }
    #expect(isEqual, "\(array.name)", sourceLocation: sourceLocation)
  }
}
