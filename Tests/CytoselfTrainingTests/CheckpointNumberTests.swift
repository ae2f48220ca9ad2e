import ArrayFiles
import CytoselfModel
import CytoselfTraining
import Foundation
import Testing
import TorchTestSupport
import TrainingTestSupport

/// Checkpoints and descriptions of models whose numbers cannot be.
@Suite(.leavesNoTensor) struct CheckpointNumberTests {
  /// A state that no run has, such as a log of less than no bytes, is damage and no crash.
  @Test(arguments: [
    ("\"epoch\" : 1", "\"epoch\" : 0"), ("\"metricsBytes\" : 0", "\"metricsBytes\" : -1"),
    ("\"step\" : 0", "\"step\" : -3"), ("\"batch\" : 0", "\"batch\" : 2"),
    ("\"rate\" : 0.5", "\"rate\" : -0.5"),
  ])
  func statesThatCannotBeAreDamaged(_ change: (from: String, to: String)) throws {
    let folder = try TemporaryFolder()
    var section = TrainingSection()
    section.rate = 0.5
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let text = String(decoding: try encoder.encode(TrainingState(section)), as: UTF8.self)
    try #require(text.contains(change.from), "\(text)")
    try Data(text.replacing(change.from, with: change.to).utf8)
      .write(to: folder.url.appending(path: "state.json"))
    let error = #expect(throws: TrainingError.self) { try Checkpoint(folder.url) }
    #expect(error?.kind == .badData && "\(String(describing: error))".contains("no run has"))
  }

  @Test func descriptionsThatCannotBeAreRefused() throws {
    let good = """
      {"channels": [], "classes": [], "epoch": 1, "integers": "unit", "intensity": {}, "model": MODEL,
      "step": 1, "variance": 1}
      """
    let model = try String(
      decoding: JSONEncoder().encode(
        Preset.small.configuration.model.configuration(crop: [2, 100, 100], classes: 3)),
      as: UTF8.self)
    func read(_ text: String) throws(TrainingError) -> ModelDescription {
      try ModelDescription(
        metadata: ["cytoself": text.replacing("MODEL", with: model)], path: "w.safetensors")
    }
    _ = try read(good)
    for (from, to, words) in [
      ("\"variance\": 1", "\"variance\": -1", "variance -1"),
      ("\"intensity\": {}", "\"intensity\": {\"nuc\": 0}", "pixels of nuc were multiplied by 0"),
      ("\"classes\": []", "\"classes\": [\"a\"]", "classes are 3, and 1 have names"),
      ("\"channels\": []", "\"channels\": [\"a\"]", "channels are 2, and 1 have names"),
      ("\"step\": 1", "\"step\": -1", "-1 steps"),
    ] {
      let error = #expect(throws: TrainingError.self) {
        try read(good.replacing(from, with: to))
      }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
  }
}
