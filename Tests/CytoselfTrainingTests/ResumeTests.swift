import ArrayFiles
import CytoselfTraining
import Foundation
import JobControl
import Testing
import TorchTestSupport
import TrainingTestSupport

@Suite(.leavesNoTensor, .serialized) struct ResumeTests {
  let folder: TemporaryFolder
  init() throws {
    folder = try TemporaryFolder()
    try TinyCells.write(to: folder.url.appending(path: "cells"))
  }

  private func train(
    _ name: String, resumes: Bool = false, stoppingAt look: Int? = nil, settings: [String] = []
  ) throws -> RunDirectory {
    let run = RunDirectory(folder.url.appending(path: name))
    let configuration = try TinyCells.configuration(
      folder.url.appending(path: "cells"), settings)
    let interruption = look.map(Interruption.init(atLook:)) ?? Interruption()
    do {
      _ = try Trainer.start(
        configuration, run: run, resumes: resumes, command: ["test"], interruption: interruption
      ).train()
      #expect(look == nil, "The run ended before it was to be stopped.")
    } catch TrainingError.interrupted(_, _, _) where look != nil {
    }
    return run
  }

  /// A text file without what depends on the clock.
  private func timeless(_ url: URL) throws -> String {
    let text = try String(contentsOf: url, encoding: .utf8)
    return text.split(separator: "\n").map { line -> String in
      if let cut = line.range(of: ",\"seconds\"") { return String(line[..<cut.lowerBound]) }
      var fields = line.split(separator: ",", omittingEmptySubsequences: false)
      // history.csv: the last column.
      fields.removeLast()
      return fields.joined(separator: ",")
    }.joined(separator: "\n")
  }

  private func expectEqual(_ one: RunDirectory, _ other: RunDirectory) throws {
    #expect(try timeless(one.history) == timeless(other.history))
    #expect(try timeless(one.metrics) == timeless(other.metrics))
    #expect(try Data(contentsOf: one.best) == Data(contentsOf: other.best))
    let newest = [one, other].map { CheckpointFolder($0.checkpoints).newest }
    #expect(newest[0]?.lastPathComponent == newest[1]?.lastPathComponent)
    for file in ["model.safetensors", "optimizer.safetensors"] {
      let contents = try newest.map { try Data(contentsOf: #require($0).appending(path: file)) }
      #expect(contents[0] == contents[1], "\(file) differs")
    }
  }

  // In each epoch the run looks for an interruption after each of six steps, after each batch of
  // validation (one), and at the end of the epoch.
  @Test(arguments: [1, 4, 6, 7, 8, 11, 24])
  func stoppedAndResumedEqualsUninterrupted(look: Int) throws {
    let whole = try train("whole")
    _ = try train("parts", stoppingAt: look)
    let parts = try train("parts", resumes: true)
    try expectEqual(whole, parts)
  }

  @Test func stoppedManyTimesEqualsUninterrupted() throws {
    let settings = ["training.accumulation=4", "training.clip_norm=0.5", "training.optimizer=adam"]
    let whole = try train("whole", settings: settings)
    _ = try train("parts", stoppingAt: 1, settings: settings)
    for _ in 0..<3 { _ = try train("parts", resumes: true, stoppingAt: 2, settings: settings) }
    let parts = try train("parts", resumes: true, settings: settings)
    try expectEqual(whole, parts)
  }

  /// Everything that the standard preset has beside the others: running means of codes and weights,
  /// balanced batches, distorted crops, a rate that depends on the step.
  @Test(arguments: [2, 6, 7, 9]) func theStandardRecipeResumesExactly(look: Int) throws {
    let settings = [
      "model.head.input=features", "model.head.features=8", "model.codebook=average",
      "training.schedule=cosine", "training.monitor=last", "training.stop_patience=0",
      "training.average=0.9", "training.label_smoothing=0.1", "training.sampling=balanced",
      "training.distortion=1", "training.level_dropout=0.5", "training.decay_vectors=false",
      "training.clip_norm=5", "training.epochs=2",
    ]
    let whole = try train("whole", settings: settings)
    _ = try train("parts", stoppingAt: look, settings: settings)
    let parts = try train("parts", resumes: true, settings: settings)
    try expectEqual(whole, parts)
    let means = try [whole, parts].map { run in
      try Data(
        contentsOf: #require(CheckpointFolder(run.checkpoints).newest)
          .appending(path: "average.safetensors"))
    }
    #expect(means[0] == means[1])
  }

  @Test func stepsAfterTheCheckpointAreMadeAgain() throws {
    // As after a crash: the log is ahead of the newest checkpoint.
    let whole = try train("whole")
    let parts = try train("parts", stoppingAt: 3)
    let log = try FileHandle(forUpdating: parts.metrics)
    try log.seekToEnd()
    try log.write(contentsOf: Data("{\"step\":4,\"epo".utf8))
    try log.close()
    _ = try train("parts", resumes: true)
    try expectEqual(whole, parts)
  }

  @Test func finishedRunCanBeTrainedFurther() throws {
    let whole = try train("whole", settings: ["training.epochs=4"])
    _ = try train("parts")
    let parts = try train("parts", resumes: true, settings: ["training.epochs=4"])
    try expectEqual(whole, parts)
  }

  @Test func runIsNotOverwritten() throws {
    _ = try train("whole", stoppingAt: 1)
    let error = #expect(throws: TrainingError.self) { try train("whole") }
    #expect(error?.kind == .usage)
    #expect(error?.description.contains("already holds a run") == true)
  }

  @Test func nothingToResumeIsSaid() throws {
    let error = #expect(throws: TrainingError.self) { try train("whole", resumes: true) }
    #expect(error?.kind == .missingInput)
  }

  @Test func otherDataAreNotResumed() throws {
    _ = try train("whole", stoppingAt: 1)
    try TinyCells.write(to: folder.url.appending(path: "cells")) { _, pixels in pixels[0] += 1 }
    let error = #expect(throws: TrainingError.self) { try train("whole", resumes: true) }
    #expect(error?.kind == .badData)
    #expect(error?.description.contains("The data are not those the run began with") == true)
  }

  @Test func damagedCheckpointIsNamed() throws {
    let run = try train("whole", stoppingAt: 3)
    let newest = try #require(CheckpointFolder(run.checkpoints).newest)
    try Data("{".utf8).write(to: newest.appending(path: "state.json"))
    let error = #expect(throws: TrainingError.self) { try train("whole", resumes: true) }
    #expect(
      error?.description == "\(newest.path) is damaged: state.json is not a state that this version"
        + " writes. Delete it to fall back on the one before it.")
    try FileManager.default.removeItem(at: newest)
    let whole = try train("other")
    try expectEqual(whole, train("whole", resumes: true))
  }
}
