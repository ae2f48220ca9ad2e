import ArrayFiles
import CellData
import CytoselfModel
import CytoselfInference
import CytoselfTraining
import Foundation
import Testing
import Torch
import TorchNN
import TorchTestSupport
import TrainingTestSupport

@Suite(.leavesNoTensor, .serialized) struct TrainingTests {
  let folder: TemporaryFolder
  let cells: URL
  init() throws {
    folder = try TemporaryFolder()
    cells = folder.url.appending(path: "cells")
  }

  private func train(
    _ settings: [String] = [], name: String = "run"
  ) throws -> (run: RunDirectory, outcome: Trainer.Outcome) {
    let run = RunDirectory(folder.url.appending(path: name))
    let trainer = try Trainer.start(
      try TinyCells.configuration(cells, settings), run: run, command: ["test"])
    return (run, try trainer.train())
  }

  /// The loss of every step in `metrics.jsonl`.
  private func losses(_ run: RunDirectory) throws -> [Double] {
    struct Line: Decodable { var loss: Double }
    return try String(contentsOf: run.metrics, encoding: .utf8).split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8)).loss
    }
  }

  @Test func sameSeedGivesTheSameBytes() throws {
    try TinyCells.write(to: cells)
    let one = try train(["training.epochs=1"], name: "one").run
    let two = try train(["training.epochs=1", "training.loader_threads=1"], name: "two").run
    let other = try train(["training.epochs=1", "training.seed=1"], name: "other").run
    #expect(try Data(contentsOf: one.best) == Data(contentsOf: two.best))
    #expect(try losses(one) == losses(two))
    #expect(try losses(one) != losses(other))
  }

  /// Where bfloat16 is slower it is not used, and that is said.
  @Test func processorsTrainInFloat32() throws {
    try TinyCells.write(to: cells)
    let exact = try train(["training.epochs=1"], name: "exact").run
    let run = RunDirectory(folder.url.appending(path: "rounded"))
    let settings = ["training.epochs=1", "training.precision=bfloat16"]
    var lines: [String] = []
    _ = try Trainer.start(
      try TinyCells.configuration(cells, settings), run: run, command: ["test"],
      say: { lines.append($0) }
    ).train()
    #expect(lines.contains { $0.contains("Training in float32, which is faster") }, "\(lines)")
    #expect(try losses(exact) == losses(run))
    #expect(throws: TrainingError.self) {
      try TinyCells.configuration(cells, ["training.precision=half"])
    }
  }

  /// The `keras` architecture through the loop, its weight file and back: whole, without split,
  /// without pretext.
  @Test(arguments: ["full", "no-split", "no-pretext"])
  func kerasArchitectureTrains(variant: String) throws {
    try TinyCells.write(to: cells)
    let (run, _) = try train([
      "model.architecture=keras", "model.variant=\(variant)", "training.optimizer=adam",
      "training.epsilon=1e-7", "training.weight_decay=0",
    ])
    let losses = try losses(run)
    #expect(losses.allSatisfy { $0.isFinite })
    #expect(losses.suffix(3).reduce(0, +) < losses.prefix(3).reduce(0, +), "the loss does not fall")
    let trained = try TrainedModel(run.url)
    #expect(trained.model.configuration.architecture == .keras)
    let names = trained.model.stateDictionary.names
    #expect(names.contains("decoders.0.decoder.dec_first.conv.bias"))
    #expect(names.contains("pre_vq_convs.1.bias") == (variant == "no-split"))
  }

  @Test func runFolderHoldsEverything() throws {
    try TinyCells.write(to: cells)
    let (run, outcome) = try train()
    let names = try FileManager.default.contentsOfDirectory(atPath: run.url.path).sorted()
    #expect(
      names == [
        ".lock", "best.safetensors", "checkpoints", "config.yaml", "figures", "history.csv",
        "metrics.jsonl", "run.json", "split.csv", "tensorboard",
      ])
    let header = try String(contentsOf: run.history, encoding: .utf8)
      .split(separator: "\n")[0]
    let parts = [
      "loss", "task_loss", "fc2_loss", "perplexity1", "perplexity2", "epoch_perplexity1",
      "epoch_perplexity2", "code_share1", "code_share2", "reconstruction1_loss",
      "reconstruction2_loss", "vq1_loss", "vq1_commitment_loss", "vq1_quantization_loss",
      "vq1_softmax_loss", "vq2_loss", "vq2_commitment_loss", "vq2_quantization_loss",
      "vq2_softmax_loss",
    ]
    let columns = ["train_", "val_", "test_"].flatMap { phase in parts.map { phase + $0 } }
    #expect(header == (["epoch"] + columns + ["lr", "seconds"]).joined(separator: ","))
    #expect(outcome.history.rows.count == 3)
    #expect(outcome.history.rows.map { $0.test == nil } == [true, true, false])
    let losses = try losses(run)
    #expect(losses.count == 18)
    #expect(losses.suffix(3).reduce(0, +) < losses.prefix(3).reduce(0, +), "the loss does not fall")
    let again = try Preset.small.configuration.replacing(
      yaml: String(contentsOf: run.configuration, encoding: .utf8), name: "config.yaml")
    #expect(again == (try TinyCells.configuration(cells)))
    let record = try #require(RunRecord(run.record))
    #expect(record.sessions.map(\.command) == [["test"]])
    #expect(
      record.inputs.map { URL(filePath: $0.path).lastPathComponent } == [
        "Image_data00.npy", "Label_data00.csv",
      ])
    let data = try CellDataSet(cells)
    let shown = try Reconstruction(TrainedModel(run.url), data: data, rows: [0, 5])
    #expect(shown.outputs.count == shown.inputs.count)
    #expect(shown.singleLevels.map(\.level) == [1, 2])
  }

  @Test(arguments: [("loss", "loss"), ("task_loss", "task_loss")])
  func theMonitoredLossDecidesWhatIsBest(monitor: String, name: String) throws {
    try TinyCells.write(to: cells)
    let (run, outcome) = try train(["training.monitor=\(monitor)", "training.vq_coefficient=0.5"])
    let rows = outcome.history.rows
    let values = rows.map { row in
      Dictionary(uniqueKeysWithValues: row.validation.columns.map { ($0.name, $0.value) })
    }
    let best = try #require(outcome.best)
    #expect(best.loss == values.compactMap { $0[name] }.min())
    #expect(outcome.history.monitoredColumn == "val_\(name)")
    #expect(RunRecord(run.record)?.monitor?.rawValue == monitor)
    // The weight file and the checkpoint carry the same quantity.
    #expect(try TrainedModel(run.url).description.validationLoss == best.loss)
    let newest = try #require(CheckpointFolder(run.checkpoints).newest)
    #expect(
      try TrainedModel(newest).description.validationLoss == values.last.flatMap { $0[name] })
    for row in values {
      let quantization = (row["vq1_loss"] ?? .nan) + (row["vq2_loss"] ?? .nan)
      let task =
        (row["reconstruction1_loss"] ?? .nan) + (row["reconstruction2_loss"] ?? .nan)
        + (row["fc2_loss"] ?? .nan)
      #expect(abs((row["loss"] ?? .nan) - task - 0.5 * quantization) < 1e-5)
      if monitor == "task_loss" { #expect(abs((row["task_loss"] ?? .nan) - task) < 1e-5) }
      #expect((row["task_loss"] != nil) == (monitor == "task_loss"))
    }
  }

  @Test func weightsAloneAreAModel() throws {
    try TinyCells.write(to: cells)
    let (run, _) = try train(["training.epochs=2"])
    let alone = folder.url.appending(path: "alone.safetensors")
    try FileManager.default.copyItem(at: run.best, to: alone)
    let trained = try TrainedModel(alone)
    #expect(trained.description.classes == ["AAK1", "BAX", "CDK2", "DDX5"])
    #expect(trained.description.labelColumn == "name")
    #expect(trained.description.channels == ["pro", "nuc"])
    #expect(trained.run == nil)
    let fromRun = try TrainedModel(run.url)
    #expect(fromRun.run?.url == run.url)
    let checkpoint = try #require(CheckpointFolder(run.checkpoints).newest)
    let fromCheckpoint = try TrainedModel(checkpoint)
    #expect(fromCheckpoint.description.model == trained.description.model)
    #expect(fromCheckpoint.run != nil)
  }

  @Test func infiniteLossStopsWithTheCellsNamed() throws {
    // Half the largest float squared is infinite; the pixel itself is not.
    try TinyCells.write(to: cells) { cell, pixels in
      if cell == 5 { pixels[100] = 1e38 }
    }
    let error = #expect(throws: TrainingError.self) { try train(["training.batch_size=1"]) }
    guard case .lossNotFinite(_, _, 1, _, let named) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(named == ["Image_data00:5"])
    #expect(error?.kind == .failed)
    #expect(error?.description.contains("in the batch of cells Image_data00:5.") == true)
  }

  @Test func bestWeightsStayWhenALaterEpochFails() throws {
    try TinyCells.write(to: cells)
    let (run, _) = try train(["training.epochs=1"])
    let best = try Data(contentsOf: run.best)
    // A learning rate beyond all measure for what is left of the run.
    let newest = try #require(CheckpointFolder(run.checkpoints).newest)
    let state = newest.appending(path: "state.json")
    let text = try String(contentsOf: state, encoding: .utf8)
    #expect(text.contains("\"rate\" : 0.003"))
    let spoiled = text.replacingOccurrences(of: "\"rate\" : 0.003", with: "\"rate\" : 1e30")
    try Data(spoiled.utf8).write(to: state)
    let longer = try TinyCells.configuration(cells, ["training.epochs=9"])
    let error = #expect(throws: TrainingError.self) {
      try Trainer.start(longer, run: run, resumes: true, command: ["test"]).train()
    }
    guard case .lossNotFinite = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try Data(contentsOf: run.best) == best)
  }

  @Test(arguments: [
    ("no-split", 2), ("lite", 2), ("no-pretext", 2), ("vqvae-fc", 1), ("vqvae", 1),
    ("autoencoder", 1),
  ])
  func everyVariantTrains(variant: String, levels: Int) throws {
    try TinyCells.write(to: cells)
    let settings = [
      "model.variant=\(variant)", "training.epochs=1",
      "model.levels=[{codes: 16, code_width: 4, stages: [[1, 3, 2, 32, 16, 1]]}, "
        + "{codes: 16, code_width: 8, stages: [[2, 3, 2, 16, 24, 2]]}]",
    ]
    let (run, outcome) = try train(settings)
    #expect(outcome.history.rows.count == 1)
    #expect(try TrainedModel(run.url).description.model.levels.count == levels)
  }

  @Test func oneClassIsRefusedBeforeAnythingIsWritten() throws {
    try TinyCells.write(to: cells, proteins: ["AAK1"])
    let error = #expect(throws: CellDataError.self) { try train() }
    #expect(error == .oneClass(column: "name", value: "AAK1"))
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "run").path))
    // Without the classifier there is something to learn.
    _ = try train(["model.variant=no-pretext", "training.epochs=1"])
  }

  @Test func emptySplitIsRefused() throws {
    try TinyCells.write(to: cells)
    let error = #expect(throws: TrainingError.self) { try train(["data.fractions=[1, 0, 0]"]) }
    #expect(
      error?.description == "No cells are left for val: give it a share in data.fractions, or use"
        + " more cells.")
    _ = try train(["data.fractions=[0.8, 0.2, 0]", "training.epochs=1"])
  }

  @Test func unknownDeviceIsRefused() throws {
    try TinyCells.write(to: cells)
    let error = #expect(throws: TorchError.self) { try train(["training.device=gpu"]) }
    #expect(error?.description.hasPrefix("device 'gpu' is not available here") == true)
  }

  @Test func cropsTooSmallAreRefused() throws {
    try TinyCells.write(to: cells)
    let error = #expect(throws: ModelError.self) {
      try train(["model.levels=[{codes: 16}, {codes: 16, stages: [[1, 3, 1, 32, 16, 1]]}]"])
    }
    #expect(error?.description.contains("cannot work") == true)
  }

  @Test func constantPixelsAreRefused() throws {
    try TinyCells.write(to: cells) { _, pixels in pixels = pixels.map { _ in 0.5 } }
    let error = #expect(throws: TrainingError.self) { try train() }
    #expect(error?.description.contains("all training pixels have the same value") == true)
  }

}
