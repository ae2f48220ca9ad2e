import ArrayFiles
import Foundation
import Testing

/// Weights of this program in every format, and what can be wrong with a weight file.
@Suite(.serialized) struct WeightTests {
  private static let tiny = [
    "--preset", "small", "--batch-size", "8", "--threads", "1", "--epochs", "1", "--set",
    "model.scale=quarter", "--set",
    "model.levels=[{codes: 16, code_width: 4, stages: [[1, 3, 2, 32, 16, 1]]}, "
      + "{codes: 16, code_width: 8, stages: [[2, 3, 2, 16, 24, 2]]}]",
  ]

  private func train(
    _ folder: TemporaryFolder, _ data: String, out: String, _ arguments: [String] = tiny
  ) async throws -> BuiltProgram.Outcome {
    try await BuiltProgram.run(["train", data, "--out", folder.path(out)] + arguments)
  }

  @Test func everyFormatEmbedsTheSame() async throws {
    let folder = try TemporaryFolder()
    let data = try TinyDataSet().write(to: folder)
    let trained = try await train(folder, data, out: "run")
    #expect(trained.status == 0, "\(trained.errors)")

    var bytes: [Data] = []
    let back = folder.path("back.safetensors")
    let converted = try await BuiltProgram.run(["convert", folder.path("run"), folder.path("w.pt")])
    #expect(converted.status == 0, "\(converted.errors)")
    #expect(converted.errors.contains("names of the 3 classes"), "\(converted.errors)")
    #expect(try await BuiltProgram.run(["convert", folder.path("w.pt"), back]).status == 0)
    for model in ["run", "run/best.safetensors", "w.pt", "back.safetensors"] {
      let out = folder.path("out-\(bytes.count)")
      let run = try await BuiltProgram.run(
        ["embed", folder.path(model), data, "--out", out, "--threads", "1"])
      #expect(run.status == 0, "\(model): \(run.errors)")
      bytes.append(try Data(contentsOf: URL(filePath: out + "/vqvec2.npy")))
    }
    #expect(Set(bytes).count == 1, "an embedding differs")
    try expectEqual(
      WeightFile(URL(filePath: back)).arrays,
      WeightFile(URL(filePath: folder.path("run/best.safetensors"))).arrays)

    let inspected = try await BuiltProgram.run(["inspect", folder.path("run")])
    #expect(inspected.status == 0)
    #expect(inspected.output.contains("described by this program"), "\(inspected.output)")
    #expect(inspected.output.contains("3: ALPHA, BETA, GAMMA"), "\(inspected.output)")
    #expect(inspected.output.contains("pro, nuc"), "\(inspected.output)")
  }

  @Test func convertRefuses() async throws {
    let folder = try TemporaryFolder()
    let data = try TinyDataSet().write(to: folder)
    #expect(try await train(folder, data, out: "run").status == 0)
    let best = folder.path("run/best.safetensors")
    let before = try Data(contentsOf: URL(filePath: best))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link.safetensors"), withDestinationPath: best)
    let cases: [(input: String, output: String, status: Int32, text: String)] = [
      ("run", "w.onnx", 64, "ends in .safetensors, .pt or .h5"),
      ("run", "w", 64, "ends in .safetensors, .pt or .h5"),
      ("run/best.safetensors", "run/best.safetensors", 64, "another file"),
      ("run", "run/best.safetensors", 64, "another file"),
      ("run", "link.safetensors", 64, "another file"),
      ("run", "w.h5", 65, "keras architecture"),
      ("nowhere.pt", "w.pt", 66, "does not exist"),
      ("data", "w.pt", 65, "holds neither best.safetensors"),
      ("data/Label_data00.csv", "w.pt", 65, "is neither safetensors"),
      ("run", "no-folder/w.pt", 74, "its folder does not exist"),
    ]
    for (input, output, status, text) in cases {
      let run = try await BuiltProgram.run(["convert", folder.path(input), folder.path(output)])
      #expect(run.status == status, "\(input) \(output): \(run.errors)")
      #expect(run.errors.contains(text), "\(input) \(output): \(run.errors)")
    }
    for name in ["w.onnx", "w.h5", "w.pt", "w"] { #expect(!folder.contains(name), "\(name)") }
    #expect(try Data(contentsOf: URL(filePath: best)) == before)
    #expect(!folder.contents().contains { $0.hasSuffix(".partial") })
  }

  /// Cut short, spoiled, of another network, or not there at all.
  @Test func damagedFilesAreNamed() async throws {
    let folder = try TemporaryFolder()
    let data = try TinyDataSet().write(to: folder)
    let weights: [Float] = [1, 2, 3, 4]
    try weights.withUnsafeBytes { bytes in
      try TorchFile.write(
        [("conv.weight", .float32, [4], bytes)], to: folder.url.appending(path: "other.pt"))
    }
    let whole = try Data(contentsOf: folder.url.appending(path: "other.pt"))
    try whole.dropLast(40).write(to: folder.url.appending(path: "cut.pt"))
    try Data().write(to: folder.url.appending(path: "empty.chkp"))
    try folder.write("not weights at all", to: "text.safetensors")
    let cases: [(name: String, status: Int32, text: String)] = [
      ("other.pt", 65, "neither 'encoders.0' nor 'encoder'"), ("cut.pt", 65, "cut.pt"),
      ("empty.chkp", 65, "the file is empty"), ("text.safetensors", 65, "is neither safetensors"),
      ("missing.pt", 66, "missing.pt"),
    ]
    for (name, status, text) in cases {
      for command in [
        ["inspect", folder.path(name)],
        ["embed", folder.path(name), data, "--out", folder.path("out")],
        ["convert", folder.path(name), folder.path("out.pt")],
        ["train", data, "--out", folder.path("tuned"), "--init", folder.path(name)],
      ] {
        let run = try await BuiltProgram.run(command)
        #expect(!run.wasKilled, "\(command)")
        #expect(run.status == status, "\(command): \(run.errors)\(run.output)")
        #expect((run.errors + run.output).contains(text), "\(command): \(run.errors)\(run.output)")
      }
    }
    for name in ["out", "out.pt", "tuned"] { #expect(!folder.contains(name), "\(name)") }
  }

  @Test func trainsOnFromWeights() async throws {
    let folder = try TemporaryFolder()
    let data = try TinyDataSet().write(to: folder)
    #expect(try await train(folder, data, out: "run").status == 0)
    #expect(
      try await BuiltProgram.run(["convert", folder.path("run"), folder.path("w.pt")]).status == 0)
    var other = TinyDataSet()
    other.proteins = ["DELTA", "EPSILON", "ZETA", "ETA"]
    let new = try other.write(to: folder, "new")

    // Without a model of one's own it is that of the weights.
    let options = ["--epochs", "1", "--batch-size", "8", "--threads", "1"]
    let tuned = try await train(
      folder, new, out: "tuned",
      ["--init", folder.path("w.pt"), "--freeze", "encoder,codebooks"] + options)
    #expect(tuned.status == 0, "\(tuned.errors)")
    #expect(tuned.errors.contains("the classifiers start anew"), "\(tuned.errors)")
    #expect(tuned.errors.contains("codebook1, codebook2, encoder1, encoder2"), "\(tuned.errors)")
    func arrays(_ run: String, _ isKept: (String) -> Bool) throws -> [NamedArray] {
      try WeightFile(folder.url.appending(path: "\(run)/best.safetensors")).arrays
        .filter { isKept($0.name) }
    }
    let kept = { (name: String) in name.hasPrefix("encoders") || name.hasPrefix("vq_layers") }
    try expectEqual(arrays("tuned", kept), arrays("run", kept))

    let bad: [(arguments: [String], status: Int32, text: String)] = [
      (
        ["--init", folder.path("w.pt"), "--freeze", "encoder3"], 64, "parts of this model: encoder1"
      ),
      (["--freeze", "encoder"], 64, "training.init names no weights"),
      (
        ["--init", folder.path("w.pt"), "--freeze", "encoder,codebooks,decoder,heads"], 64,
        "nothing is left to train"
      ),
      (
        ["--init", folder.path("w.pt"), "--preset", "small", "--channels", "pro"], 65,
        "image channels"
      ),
      (["--init", folder.path("w.pt"), "--preset", "small"], 65, "model.levels[0].codes"),
      (
        ["--init", folder.path("run"), "--freeze", "heads"], 65, "classes of a kept head"
      ),
    ]
    for (arguments, status, text) in bad {
      let run = try await train(folder, new, out: "bad", arguments + options)
      #expect(run.status == status, "\(arguments): \(run.errors)")
      #expect(run.errors.contains(text), "\(arguments): \(run.errors)")
      #expect(!folder.contains("bad"), "\(arguments)")
    }
  }

  @Test func warnsOfPixelsOnAnotherScale() async throws {
    let folder = try TemporaryFolder()
    let data = TinyDataSet()
    let path = try data.write(to: folder)
    #expect(try await train(folder, path, out: "run").status == 0)
    #expect(
      try await BuiltProgram.run(["convert", folder.path("run"), folder.path("w.pt")]).status == 0)
    func embed(_ model: String, _ cells: String, _ extra: [String] = []) async throws -> String {
      let run = try await BuiltProgram.run(
        ["embed", folder.path(model), folder.path(cells), "--out", folder.path("out")] + extra)
      #expect(run.status == 0, "\(run.errors)")
      return run.errors
    }
    #expect(!(try await embed("w.pt", "data")).contains("warning"))
    #expect(!(try await embed("run", "data")).contains("warning"))

    let area = data.side * data.side
    let bright = data.pixels.enumerated().map {
      $0.offset % data.channels < 2 ? $0.element * 4000 : $0.element
    }
    let folderURL = folder.url.appending(path: "bright")
    try FileManager.default.createDirectory(at: folderURL, withIntermediateDirectories: true)
    try NPY.write(
      bright, shape: [data.cells.count, data.side, data.side, data.channels],
      to: folderURL.appending(path: "Image_data00.npy"))
    try folder.write(data.table, to: "bright/Label_data00.csv")
    #expect(bright.count == data.cells.count * area * data.channels)

    let warned = try await embed("w.pt", "bright")
    #expect(warned.contains("warning: pixels of pro are"), "\(warned)")
    #expect(warned.contains("--intensity pro=0.00025"), "\(warned)")
    let scaled = try await embed(
      "w.pt", "bright", ["--intensity", "pro=0.00025", "--intensity", "nuc=0.00025"])
    #expect(!scaled.contains("warning"), "\(scaled)")
    // Weights of this program know the variance they were trained on.
    #expect(try await embed("run", "bright").contains("warning: the variance of the pixels is"))

    let distance = try await embed(
      "w.pt", "data", ["--channels", "pro,nucdist", "--intensity", "nucdist=1"])
    #expect(distance.contains("give --intensity nucdist=0.01"), "\(distance)")
  }
}
