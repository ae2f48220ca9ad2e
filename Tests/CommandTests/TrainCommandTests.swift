import ArrayFiles
import Foundation
import Testing

@Suite(.serialized) struct TrainCommandTests {
  private static let tiny = [
    "--preset", "small", "--batch-size", "8", "--threads", "1", "--set",
    "data.fractions=[0.8, 0.1, 0.1]", "--set", "model.scale=quarter", "--set",
    "model.levels=[{codes: 16, code_width: 4, stages: [[1, 3, 2, 32, 16, 1]]}, "
      + "{codes: 16, code_width: 8, stages: [[2, 3, 2, 16, 24, 2]]}]",
  ]

  /// Sixty-four crops of four proteins with eight fields each, as a bare array with a table.
  private func writeCells(
    _ folder: TemporaryFolder, change: (inout [Float]) -> Void = { _ in }, proteins: Int = 4
  ) throws -> String {
    let side = 32
    var pixels = (0..<64 * 2 * side * side).map { index -> Float in
      let cell = index / (2 * side * side)
      let column = Float(index % side)
      let center = Float(6 + cell / 16 * 6)
      let noise = Float((index &* 7919) % 97) / 970
      return 1 / (1 + (column - center) * (column - center) / 9) + noise
    }
    change(&pixels)
    try NPY.write(
      pixels, shape: [64, 2, side, side], to: folder.url.appending(path: "cells.npy"))
    var table = "name,FOV_id\n"
    for cell in 0..<64 { table += "P\(cell / 16 % proteins),\(cell / 2)\n" }
    try folder.write(table, to: "cells.csv")
    return folder.path("cells.npy")
  }

  /// A model trained on crops measured by their own brightness embeds dim ones as it does bright ones,
  /// without being told again.
  @Test func brightnessCanBeLeftOut() async throws {
    let folder = try TemporaryFolder()
    let cells = try writeCells(folder)
    let run = folder.path("run")
    let trained = try await BuiltProgram.run(
      ["train", cells, "--out", run, "--epochs", "1", "--set", "data.normalize=crop"] + Self.tiny)
    #expect(trained.status == 0, "\(trained.errors)")
    var embeddings: [[Float]] = []
    for (name, scale) in [("a", Float(1)), ("b", 0.25)] {
      _ = try writeCells(
        folder, change: { pixels in for i in pixels.indices { pixels[i] *= scale } })
      let done = try await BuiltProgram.run(
        ["embed", run, cells, "--out", folder.path(name), "--layer", "encoder2"])
      #expect(done.status == 0, "\(done.errors)")
      #expect(done.errors.isEmpty || !done.errors.contains("warning"), "\(done.errors)")
      embeddings.append(
        try NPYFile(folder.url.appending(path: name + "/encoder2.npy")).floats())
    }
    let largest = zip(embeddings[0], embeddings[1]).map { abs($0 - $1) }.max() ?? .infinity
    #expect(largest < 1e-4, "\(largest)")
    let refused = try await BuiltProgram.run(
      ["train", cells, "--out", folder.path("r"), "--set", "data.normalize=plate"] + Self.tiny)
    #expect(refused.status == 64 && refused.errors.contains("data.normalize"), "\(refused.errors)")
  }

  @Test func trainsEmbedsAndReconstructs() async throws {
    let folder = try TemporaryFolder()
    let cells = try writeCells(folder)
    let run = folder.path("run")
    let trained = try await BuiltProgram.run(
      ["train", cells, "--out", run, "--epochs", "2"] + Self.tiny)
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(trained.output.contains("Best validation task_loss"))
    #expect(trained.errors.contains("epoch 2/2"))

    let again = try await BuiltProgram.run(["train", cells, "--out", run] + Self.tiny)
    #expect(again.status == 64)
    #expect(again.errors.contains("already holds a run"))

    let out = folder.path("embeddings")
    let embedded = try await BuiltProgram.run(
      ["embed", run, cells, "--out", out, "--layer", "vqvec2", "--layer", "vqind1"])
    #expect(embedded.status == 0, "\(embedded.errors)")
    let table = try CSVTable(URL(filePath: out).appending(path: "cells.csv"))
    #expect(table.header == ["cell", "name", "FOV_id", "split", "source", "row"])
    #expect(try Set(table.column("split").strings()) == ["train", "val", "test"])
    #expect(try NPYFile(URL(filePath: out).appending(path: "vqvec2.npy")).shape == [64, 8, 4, 4])

    let figure = folder.path("panels/cells")
    let drawn = try await BuiltProgram.run(
      ["reconstruct", run, cells, "--out", figure, "--cells", "3"])
    // Without gnuplot this says so and leaves the script.
    #expect(drawn.status == 0 || drawn.status == 69, "\(drawn.errors)")
    #expect(try script(figure).contains("level 2 alone"))

    let local = folder.path("panels/local")
    _ = try await BuiltProgram.run(
      ["reconstruct", run, cells, "--out", local, "--cells", "2", "--level", "1"])
    #expect(try script(local).contains("level 1 alone"))
    #expect(try !script(local).contains("level 2 alone"))

    let field = folder.path("panels/field")
    _ = try await BuiltProgram.run(
      ["reconstruct", run, cells, "--out", field, "--cells", "2", "--receptive-field"])
    #expect(try script(field).contains("level 2, 4"))
    #expect(try script(field).contains("half in"))

    let book = folder.path("book")
    let ordered = try await BuiltProgram.run(
      ["spectrum", "--codebook", run, "--level", "2", "--out", book, "--no-figures"])
    #expect(ordered.status == 0, "\(ordered.errors)")
    let codes = try NPYFile(URL(filePath: book).appending(path: "leaf_order.npy")).int64s()
    #expect(codes.sorted() == (0..<Int64(codes.count)).map { $0 })

    let refused: [(arguments: [String], text: String)] = [
      (["reconstruct", run, cells, "--out", local, "--level", "3"], "--level"),
      (["reconstruct", run, cells, "--out", local, "--level", "1", "--no-levels"], "no meaning"),
      (["spectrum", "--codebook", run, "--level", "3", "--out", book], "--level"),
      (
        ["spectrum", out, "--codebook", run, "--level", "1", "--layer", "vqvec2", "--out", book],
        "The histograms must come from the same codebook"
      ),
    ]
    for (arguments, text) in refused {
      let run = try await BuiltProgram.run(arguments)
      #expect([64, 65].contains(run.status), "\(arguments): \(run.errors)")
      #expect(run.errors.contains(text), "\(arguments): \(run.errors)")
    }
  }

  private func script(_ figure: String) throws -> String {
    try String(contentsOf: URL(filePath: figure + ".gnuplot"), encoding: .utf8)
  }

  @Test func killedInTheMiddleOfACheckpointGoesOnExactly() async throws {
    let folder = try TemporaryFolder()
    let cells = try writeCells(folder)
    let arguments = Self.tiny + ["--epochs", "3", "--set", "training.checkpoint_steps=1"]
    let whole = folder.path("whole")
    let finished = try await BuiltProgram.run(["train", cells, "--out", whole] + arguments)
    #expect(finished.status == 0, "\(finished.errors)")

    let parts = folder.path("parts")
    let checkpoints = parts + "/checkpoints"
    // Killed when a half-written checkpoint lies there; a few times, at later and later steps.
    for kill in 1...3 {
      let process = Process()
      process.executableURL = BuiltProgram.url
      process.arguments =
        ["train", cells, "--out", parts] + arguments + (kill > 1 ? ["--resume"] : [])
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      var seen = 0
      var last = ""
      while process.isRunning {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: checkpoints)) ?? []
        guard let half = names.first(where: { $0.hasSuffix(".partial") }), half != last else {
          continue
        }
        last = half
        seen += 1
        if seen > kill { break }
      }
      #expect(process.isRunning, "The run ended before it could be killed.")
      kill_(process.processIdentifier)
      process.waitUntilExit()
      #expect(process.terminationReason == .uncaughtSignal)
    }
    let resumed = try await BuiltProgram.run(
      ["train", cells, "--out", parts, "--resume"] + arguments)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("Resuming from"))
    #expect(
      try Data(contentsOf: URL(filePath: whole + "/best.safetensors"))
        == Data(contentsOf: URL(filePath: parts + "/best.safetensors")))
    func rows(_ run: String) throws -> [String] {
      try String(contentsOf: URL(filePath: run + "/history.csv"), encoding: .utf8)
        .split(separator: "\n")
        .map { String($0.prefix(upTo: $0.lastIndex(of: ",") ?? $0.endIndex)) }
    }
    #expect(try rows(whole) == rows(parts))
    let left = try FileManager.default.contentsOfDirectory(atPath: checkpoints)
    #expect(!left.contains { $0.hasPrefix(".") }, "\(left)")
  }

  @Test func interruptedRunSavesAndSaysHowToGoOn() async throws {
    let folder = try TemporaryFolder()
    let cells = try writeCells(folder)
    let run = folder.path("run")
    let errors = folder.url.appending(path: "stderr")
    try Data().write(to: errors)
    let process = Process()
    process.executableURL = BuiltProgram.url
    process.arguments = ["train", cells, "--out", run, "--epochs", "1000"] + Self.tiny
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    while process.isRunning {
      let text = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
      if text.contains("epoch 1/1000") { break }
      try await Task.sleep(for: .milliseconds(20))
    }
    process.interrupt()
    process.waitUntilExit()
    let text = try String(contentsOf: errors, encoding: .utf8)
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 1)
    #expect(text.contains("Finishing the step and saving"))
    #expect(text.contains("Continue with the same command and --resume."), "\(text)")
  }

  /// A second training into the folder of a live one is refused and changes no file of it.
  @Test func aRunInUseIsLeftAlone() async throws {
    let folder = try TemporaryFolder()
    let cells = try writeCells(folder)
    let run = folder.path("run")
    let process = Process()
    process.executableURL = BuiltProgram.url
    process.arguments = ["train", cells, "--out", run, "--epochs", "1000"] + Self.tiny
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    defer {
      kill_(process.processIdentifier)
      process.waitUntilExit()
    }
    let record = folder.url.appending(path: "run/run.json")
    let configuration = folder.url.appending(path: "run/config.yaml")
    while process.isRunning, !FileManager.default.fileExists(atPath: run + "/history.csv") {
      try await Task.sleep(for: .milliseconds(20))
    }
    let before = [try Data(contentsOf: record), try Data(contentsOf: configuration)]
    for options in [["--resume", "--epochs", "7"], ["--epochs", "7"]] {
      let second = try await BuiltProgram.run(
        ["train", cells, "--out", run] + Self.tiny + options)
      #expect(second.status == 74, "\(second.errors)")
      #expect(second.errors.contains("is in use: another process is training"), "\(second.errors)")
    }
    #expect(process.isRunning)
    #expect([try Data(contentsOf: record), try Data(contentsOf: configuration)] == before)
  }

  @Test func printsTheResolvedConfiguration() async throws {
    let run = try await BuiltProgram.run(
      ["train", "DATA", "--preset", "author", "--lr", "0.5", "--print-config"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("\n  lr: 5e-1\n") || run.output.contains("\n  lr: 0.5\n"))
    #expect(run.output.contains("  path: DATA\n"))
  }

  @Test func badInputHasItsExitCode() async throws {
    let folder = try TemporaryFolder()
    let cells = try writeCells(folder)
    let config = try folder.write("training:\n  lerning: 3\n", to: "mine.yaml")
    let out = ["--out", folder.path("run")]
    let cases: [(arguments: [String], status: Int32, text: String)] = [
      (["train", folder.path("nowhere")] + out, 66, "no such file or folder"),
      (["train", cells], 64, "Missing expected option '--out <out>'"),
      (["train", cells, "--config", config] + out, 64, "line 2: unknown key 'training.lerning'"),
      (["train", cells, "--config", folder.path("no.yaml")] + out, 66, "does not exist"),
      (["train", cells, "--preset", "tiny"] + out, 64, "There is no preset 'tiny'"),
      (["train", cells, "--label", "gene"] + out, 64, "no such label column"),
      (["train", cells, "--device", "gpu"] + out, 64, "device 'gpu' is not available"),
      (["train", cells, "--epochs=-1"] + out, 64, "--epochs is -1, but should be"),
      (["train", cells, "--epochs", "many"] + out, 64, "--epochs: "),
      (["train", cells, "--resume"] + out, 66, "holds no complete checkpoint"),
      (
        ["train", cells, "--preset", "small", "--split", "name"] + out, 65,
        "row 0: column name says \"P0\"; expected train, val or test"
      ),
      (["train", cells, "--preset", "small", "--out", "/proc/run"], 74, "Cannot"),
      (["embed", folder.path("nowhere"), cells] + out, 66, "does not exist"),
      (["embed", cells, cells] + out, 65, "is neither safetensors, nor a file of torch.save"),
      (["reconstruct", cells, cells, "--cells", "0"] + out, 64, "--cells is 1 to 100"),
    ]
    for (arguments, status, text) in cases {
      let run = try await BuiltProgram.run(arguments)
      #expect(run.status == status, "\(arguments): \(run.errors)")
      #expect(run.errors.contains(text), "\(arguments): \(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.path("run")), "\(arguments)")
    }
  }

  @Test func badPixelsAndLabelsAreNamed() async throws {
    let nan = try TemporaryFolder()
    let spoiled = try writeCells(nan) { $0[5 * 2 * 32 * 32] = .nan }
    let first = try await BuiltProgram.run(
      ["train", spoiled, "--out", nan.path("run")] + Self.tiny)
    #expect(first.status == 65)
    #expect(first.errors.contains("cells:5"), "\(first.errors)")

    let one = try TemporaryFolder()
    let single = try writeCells(one, proteins: 1)
    let second = try await BuiltProgram.run(
      ["train", single, "--out", one.path("run")] + Self.tiny)
    #expect(second.status == 65)
    #expect(second.errors.contains("every cell has the value \"P0\""), "\(second.errors)")
  }
}

private func kill_(_ process: Int32) {
  kill(process, SIGKILL)
}
