import ArrayFiles
import CytoselfModel
import Foundation
import Testing
import Torch
import TorchNN
import TorchTestSupport

/// Keras weights into our state and back.
@Suite(.leavesNoTensor) struct KerasWeightTests {
  private static var names: [String] { Golden.smallNames + (Golden.exists ? ["keras_full"] : []) }

  @Test(arguments: names) func namesAreThoseOfTheFile(name: String) throws {
    let golden = try Golden(name)
    let layers = try golden.weights().layers
    let map = try KerasWeightMap(golden.configuration).names
    #expect(map.map(\.layer) == layers.filter { !$0.arrays.isEmpty }.map(\.name))
    #expect(map.flatMap(\.weights) == layers.flatMap { $0.arrays.map(\.name) })
  }

  @Test(arguments: names) func everyTensorOfTheModelIsRead(name: String) throws {
    let golden = try Golden(name)
    let model = try CytoselfModel(golden.configuration, generator: Generator(seed: 0))
    let mismatch = model.stateDictionary.mismatch(with: try golden.state())
    #expect(mismatch.isEmpty, "\(mismatch)")
  }

  @Test(arguments: names) func writingGivesTheFileBack(name: String) throws {
    let golden = try Golden(name)
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // CYTOSELF_WRITTEN=FOLDER keeps the files for tools/reference/check_keras_weights.py.
    let kept = ProcessInfo.processInfo.environment["CYTOSELF_WRITTEN"].map { URL(filePath: $0) }
    let url = (kept ?? folder).appending(path: "\(name).h5")
    try KerasWeightMap(golden.configuration).write(golden.model().stateDictionary, to: url)
    let (written, original) = (try KerasWeights(url), try golden.weights())
    #expect(written.layers.map(\.name) == original.layers.map(\.name))
    #expect(written.arrays.count == original.arrays.count)
    for (a, b) in zip(written.arrays, original.arrays) {
      #expect(a.name == b.name && a.shape == b.shape)
      // As one answer: the comparison of two long arrays that differ takes minutes to print.
      let isEqual = a.floats() == b.floats()
      #expect(isEqual, "\(a.name)")
    }
  }

  @Test func otherModelsAreRefused() throws {
    let golden = try Golden("keras_small")
    let file = try golden.weights()
    func error(_ change: (inout ModelConfiguration) -> Void) throws -> String {
      var configuration = golden.configuration
      change(&configuration)
      do {
        let state = try KerasWeightMap(configuration).state(from: file)
        try CytoselfModel(configuration, generator: Generator(seed: 0)).stateDictionary
          .copy(from: state)
      } catch let error as ArrayFileError where error.kind == .badData {
        return error.description
      } catch let error as StateMismatch {
        return error.description
      } catch let error as ModelError {
        return error.description
      }
      return "no error"
    }
    #expect(try error { $0.head = nil }.contains("has 8 layers with weights"))
    #expect(try error { $0.decoder.residualUnits = 2 }.contains("layer 'decoder2': has "))
    #expect(try error { $0.imageSize = 40 }.contains("has the shape [784, 8]"))
    #expect(try error { $0.levels[0].codes = 13 }.contains("vq_layers.0.codebook.weight"))
    #expect(try error { $0.architecture = .pytorch }.contains("keras for weights"))
    #expect(try error { _ in } == "no error")
    let other = try CytoselfModel(
      try #require(Golden.small["keras_small_no_pretext"]), generator: Generator(seed: 0))
    #expect(throws: StateMismatch.self) {
      try KerasWeightMap(golden.configuration).write(
        other.stateDictionary, to: FileManager.default.temporaryDirectory.appending(path: "x.h5"))
    }
  }
}
