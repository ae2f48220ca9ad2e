import ArrayFiles
import Foundation
import Testing

/// The default of `train`, from crops to a score beside hand-crafted features.
@Suite(.serialized) struct StandardPresetTests {
  private static let tiny = [
    "--batch-size", "8", "--threads", "1", "--epochs", "2", "--set",
    "data.fractions=[0.5, 0.3, 0.2]", "--set", "model.scale=quarter", "--set",
    "model.levels=[{codes: 16, code_width: 4, stages: [[1, 3, 2, 32, 16, 1]]}, "
      + "{codes: 16, code_width: 8, stages: [[2, 3, 2, 16, 24, 2]]}]",
  ]

  private func writeCells(_ folder: TemporaryFolder) throws -> String {
    var set = TinyDataSet()
    set.fieldsPerProtein = 8
    return try set.write(to: folder, "cells")
  }

  @Test func trainsEmbedsAndScoresWithoutAnyChoice() async throws {
    let folder = try TemporaryFolder()
    let cells = try writeCells(folder)
    let (run, embeddings) = (folder.path("run"), folder.path("e"))
    let trained = try await BuiltProgram.run(["train", cells, "--out", run] + Self.tiny)
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(trained.output.contains("'features' gives a balanced accuracy of"))
    #expect(trained.output.contains("47 hand-crafted features"))
    let numbers = try JSONSerialization.jsonObject(
      with: Data(contentsOf: folder.url.appending(path: "run/quality.json")))
    let quality = try #require(numbers as? [String: Any])
    #expect(quality["layer"] as? String == "features")
    let history = try String(
      contentsOf: folder.url.appending(path: "run/history.csv"), encoding: .utf8)
    #expect(history.hasPrefix("epoch,train_loss,train_fc2_loss,train_perplexity1"))

    let embedded = try await BuiltProgram.run(["embed", run, cells, "--out", embeddings])
    #expect(embedded.status == 0, "\(embedded.errors)")
    let features = try NPYFile(folder.url.appending(path: "e/features.npy"))
    #expect(features.shape == [96, 144])
    #expect(try features.floats().allSatisfy { $0.isFinite })

    let scored = try await BuiltProgram.run(
      [
        "score", embeddings, "--labels", "name", "--hold-out", "fields", "--folds", "2",
        "--crops", cells, "--baseline", "classical", "--permutations", "19", "--resamples", "20",
      ])
    #expect(scored.status == 0, "\(scored.errors)")
    #expect(scored.output.contains("logistic regression on 47 hand-crafted features"))
    #expect(scored.output.contains("5 nearest cells by 47 hand-crafted features"))
    #expect(scored.output.contains("probes work on 144 columns of features"))
  }

  @Test func theSettingsAreThoseOfTheDocumentation() async throws {
    let printed = try await BuiltProgram.run(["train", "cells", "--print-config"])
    #expect(printed.status == 0, "\(printed.errors)")
    for line in [
      "preset: standard", "normalize: crop", "input: features", "codebook: average",
      "schedule: cosine", "epochs: 0", "sampling: balanced", "distortion: 0", "monitor: last",
    ] {
      #expect(printed.output.contains(line), "\(line) in \(printed.output)")
    }
  }

  @Test(arguments: [
    ("training.level_dropout=1", "training.level_dropout is 1.0"),
    ("training.average=1", "training.average is 1.0"),
    ("training.sampling=even", "training.sampling"),
    ("training.cells_per_class=0", "training.cells_per_class is 0"),
    ("training.distortion=3", "training.distortion is 3.0"),
    ("model.codebook=none", "model.codebook"),
    ("model.head.levels=[1, 2]", "one level where the classifier reads the features"),
  ])
  func wrongSettingsAreRefused(setting: String, text: String) async throws {
    let folder = try TemporaryFolder()
    let cells = try writeCells(folder)
    let run = try await BuiltProgram.run(
      ["train", cells, "--out", folder.path("run"), "--set", setting])
    #expect(run.status == 64, "\(run.errors)")
    #expect(run.errors.contains(text), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("run")))
  }
}
