import CellData
import CytoselfInference
import CytoselfModel
import CytoselfTraining
import Foundation
import JobControl
import Testing
import Torch
import TorchTestSupport
import TrainingTestSupport

@Suite(.leavesNoTensor, .serialized) struct LearningCheckTests {
  private func trainer(_ folder: URL, _ settings: [String] = []) throws -> Trainer {
    let cells = folder.appending(path: "cells")
    try TinyCells.write(to: cells)
    let features = ["model.head.input=features", "model.head.features=8", "training.epochs=2"]
    return try Trainer.start(
      TinyCells.configuration(
        cells, features + ["data.fractions=[0.6, 0.3, 0.1]"] + settings),
      run: RunDirectory(folder.appending(path: "run")), command: ["test"])
  }

  @Test func comparesTheEmbeddingWithHandCraftedFeatures() throws {
    let folder = try TemporaryFolder()
    let trainer = try trainer(folder.url)
    _ = try trainer.train()
    let check = try #require(
      try LearningCheck(
        trainer.model, device: trainer.device, data: trainer.data, batchSize: 8))
    #expect(check.layer == "features")
    #expect(check.trainingCells == trainer.data.split.train.count)
    #expect(check.validationCells == trainer.data.split.validation.count)
    #expect(check.chance == 0.25)
    #expect(check.handCraftedFeatures == 47)
    for accuracy in [check.embedding, check.handCrafted] {
      #expect((0...1).contains(accuracy.nearest) && (0...1).contains(accuracy.logistic))
    }
    // The blobs differ in place and size, which the hand-crafted features see at once.
    #expect(check.handCrafted.logistic > 0.5)
    let text = check.text(for: trainer.configuration)
    #expect(text.contains("'features'") && text.contains("47 hand-crafted features"))
    #expect(text.contains("is no better") == !check.isBetter)
    let file = folder.url.appending(path: "quality.json")
    try check.write(to: file)
    #expect(try JSONDecoder().decode(LearningCheck.self, from: Data(contentsOf: file)) == check)
  }

  /// What a run already does is no advice.
  @Test func adviceDependsOnTheSettings() throws {
    let numbers = """
      {"layer": "features", "trainingCells": 50, "validationCells": 20, "classes": 4, "chance": 0.25,
       "handCraftedFeatures": 47, "embedding": {"nearest": 0.5, "logistic": 0.6},
       "handCrafted": {"nearest": 0.8, "logistic": 0.9}}
      """
    let check = try JSONDecoder().decode(LearningCheck.self, from: Data(numbers.utf8))
    let standard = check.text(for: Preset.standard.configuration)
    #expect(standard.contains("no better than hand-crafted features"))
    #expect(standard.contains("--epochs") && !standard.contains("normalize"))
    #expect(!standard.contains("preset"))
    let small = check.text(for: Preset.small.configuration)
    #expect(small.contains("data.normalize=crop") && small.contains("the default preset"))
  }

  @Test func saysNothingOfAHandfulOfCells() throws {
    let folder = try TemporaryFolder()
    let trainer = try trainer(folder.url, ["data.fractions=[0.8, 0.1, 0.1]"])
    _ = try trainer.train()
    #expect(trainer.data.split.validation.count < 10)
    #expect(
      try LearningCheck(
        trainer.model, device: trainer.device, data: trainer.data, batchSize: 8) == nil)
  }
}
