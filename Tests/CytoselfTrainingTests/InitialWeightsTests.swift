import ArrayFiles
import CytoselfTraining
import Foundation
import JobControl
import Testing
import TorchNN
import TorchTestSupport
import TrainingTestSupport

/// Runs that start from weights: what is taken over, what is kept, and that resuming stays exact.
@Suite(.leavesNoTensor, .serialized) struct InitialWeightsTests {
  let folder: TemporaryFolder
  init() throws {
    folder = try TemporaryFolder()
    try TinyCells.write(to: folder.url.appending(path: "cells"))
  }

  private func train(
    _ name: String, cells: String = "cells", settings: [String] = [], resumes: Bool = false,
    stoppingAt look: Int? = nil
  ) throws -> RunDirectory {
    let run = RunDirectory(folder.url.appending(path: name))
    let configuration = try TinyCells.configuration(folder.url.appending(path: cells), settings)
    let interruption = look.map(Interruption.init(atLook:)) ?? Interruption()
    do {
      _ = try Trainer.start(
        configuration, run: run, resumes: resumes, command: ["test"], interruption: interruption
      ).train()
    } catch TrainingError.interrupted(_, _, _) where look != nil {
    }
    return run
  }

  private func tensors(_ url: URL) throws -> [String: [UInt8]] {
    let arrays = try WeightFile(url).arrays
    return Dictionary(
      uniqueKeysWithValues: arrays.map { array in (array.name, array.withBytes { [UInt8]($0) }) })
  }

  private func newest(_ run: RunDirectory) throws -> URL {
    try #require(CheckpointFolder(run.checkpoints).newest).appending(path: "model.safetensors")
  }

  private func initial(_ run: RunDirectory, _ freeze: String = "[]") -> [String] {
    ["training.init=\(run.best.path)", "training.freeze=\(freeze)", "training.seed=5"]
  }

  @Test func startsWhereTheWeightsAre() throws {
    let first = try train("first")
    let second = RunDirectory(folder.url.appending(path: "second"))
    // The first checkpoint is written before the first step.
    _ = try train("second", settings: initial(first), stoppingAt: 1)
    let oldest = try #require(CheckpointFolder(second.checkpoints).checkpoints.first)
    #expect(
      try tensors(oldest.appending(path: "model.safetensors")) == tensors(first.best))
    let record = try #require(RunRecord(second.record))
    #expect(record.initialWeights?.path == first.best.path)
  }

  @Test(arguments: [
    ("[encoder]", ["encoders.0.", "encoders.1."]),
    ("[encoder1, codebooks]", ["encoders.0.", "vq_"]),
    ("[decoder2]", ["decoders.1."]), ("[heads, decoder]", ["fc_layers.", "decoders."]),
  ])
  func frozenPartsKeepTheirBytes(freeze: String, prefixes: [String]) throws {
    let first = try train("first")
    let second = try train("second", settings: initial(first, freeze))
    let (before, after) = (try tensors(first.best), try tensors(newest(second)))
    #expect(before.keys.sorted() == after.keys.sorted())
    // The classifier of level 1 takes no part in the loss of these runs.
    let isIdle = { (name: String) in name.hasPrefix("fc_layers.0.") }
    for (name, bytes) in before {
      let isFrozen = prefixes.contains(where: name.hasPrefix)
      #expect((after[name] == bytes) == (isFrozen || isIdle(name)), "\(name)")
    }
  }

  @Test func otherClassesGetOtherClassifiers() throws {
    let first = try train("first")
    try TinyCells.write(
      to: folder.url.appending(path: "new"), proteins: ["NUP", "ORC", "PCNA", "RAD", "SON"])
    let second = try train("second", cells: "new", settings: initial(first, "[encoder, codebooks]"))
    let (before, after) = (try tensors(first.best), try tensors(newest(second)))
    for (name, bytes) in before {
      if name.hasPrefix("encoders.") || name.hasPrefix("vq_layers.") {
        #expect(after[name] == bytes, "\(name)")
      }
    }
    #expect(after["fc_layers.1.fc_list.1.bias"]?.count == 5 * 4)

    // The same number of other names is another set all the same.
    try TinyCells.write(
      to: folder.url.appending(path: "others"), proteins: ["NUP", "ORC", "PCNA", "RAD"])
    let third = RunDirectory(folder.url.appending(path: "third"))
    _ = try train("third", cells: "others", settings: initial(first), stoppingAt: 1)
    let oldest = try #require(CheckpointFolder(third.checkpoints).checkpoints.first)
    let fresh = try tensors(oldest.appending(path: "model.safetensors"))
    for (name, bytes) in before where name.hasSuffix("weight") {
      #expect((fresh[name] == bytes) == !name.hasPrefix("fc_layers."), "\(name)")
    }
  }

  @Test(arguments: [1, 4, 8]) func resumingStaysExact(look: Int) throws {
    let first = try train("first", settings: ["training.epochs=1"])
    let settings = initial(first, "[encoder1, codebook2]")
    let whole = try train("whole", settings: settings)
    _ = try train("parts", settings: settings, stoppingAt: look)
    // The weights are not needed any more.
    try FileManager.default.removeItem(at: first.url)
    let parts = try train("parts", settings: settings, resumes: true)
    #expect(try Data(contentsOf: whole.best) == Data(contentsOf: parts.best))
    #expect(try Data(contentsOf: newest(whole)) == Data(contentsOf: newest(parts)))
  }

  @Test func everythingThatDiffersIsInOneTable() throws {
    let first = try train("first")
    let error = #expect(throws: StateMismatch.self) {
      try train(
        "second",
        settings: initial(first)
          + [
            "model.decoder.hidden_width=32",
            "model.levels=[{codes: 32, code_width: 4, stages: [[1, 3, 2, 32, 16, 1]]}, "
              + "{codes: 16, code_width: 8, stages: [[2, 3, 2, 16, 24, 1]]}]",
          ])
    }
    let text = error?.description ?? ""
    for phrase in [
      "model.levels[0].codes", "model.decoder.hidden_width", "vq_layers.0.codebook.weight",
      "[32, 4]", "[16, 4]", "encoders.1.features.1.1.block", "unexpected",
    ] {
      #expect(text.contains(phrase), "'\(phrase)' is not in:\n\(text)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "second").path))
  }

  @Test func aResumedRunKeepsItsStart() throws {
    let first = try train("first", settings: ["training.epochs=1"])
    let begun = try TinyCells.configuration(folder.url, initial(first, "[encoder1]"))
    let other = try TinyCells.configuration(folder.url, initial(first, "[encoder2]"))
    let error = #expect(throws: TrainingError.self) { try other.requireContinuation(of: begun) }
    #expect(error?.description.contains("training.freeze was [encoder1]") == true)
  }
}
