import CytoselfModel
import Testing
import Torch
import TorchNN

/// The model against what upstream computed with the same weights.
@Suite(.enabled(if: Golden.exists)) struct GoldenTests {
  /// Of the largest magnitude, for maps and images.
  static let mapTolerance = 1e-4
  /// Relative, for the losses of an evaluation.
  static let lossTolerance = 1e-4
  /// Relative, for the first step of training.
  static let stepTolerance = 1e-3
  /// The share of codes that must be equal.
  static let equalCodes = 0.999

  @Test(arguments: Golden.names) func namesAreUpstreams(name: String) throws {
    let golden = try Golden(name)
    let model = try CytoselfModel(golden.configuration, generator: Generator(seed: 0))
    let mismatch = model.stateDictionary.mismatch(with: try golden.state())
    #expect(mismatch.isEmpty, "\(mismatch)")
    #expect(model.stateDictionary.names == (try golden.state()).names, "in upstream's order")
  }

  @Test(arguments: Golden.names) func embeddingsAreUpstreams(name: String) throws {
    let golden = try Golden(name)
    let model = try golden.model()
    let layers = golden.configuration.embeddingLayers
    let values = try model.embed(golden.tensor("image"), layers: layers)
    for (layer, tensor) in zip(layers, values) {
      let layerName = golden.configuration.name(of: layer)
      let (expected, shape) = try golden.floats(layerName)
      #expect(tensor.shape == shape, "\(layerName)")
      #expect(tensor.shape.dropFirst() == golden.configuration.itemShape(of: layer)[...])
      if layer.kind == .vqind {
        let equal = zip(try tensor.floats(), expected).count { $0 == $1 }
        #expect(Double(equal) >= Self.equalCodes * Double(expected.count), "\(layerName)")
      } else {
        let error = relativeError(try tensor.floats(), expected)
        print("\(name) \(layerName): error \(error)")
        #expect(error < Self.mapTolerance, "\(layerName)")
      }
    }
  }

  @Test(arguments: Golden.names) func evaluationIsUpstreams(name: String) throws {
    let golden = try Golden(name)
    let model = try golden.model()
    let images = try golden.tensor("image")
    let classes = try Tensor(integers: golden.losses.labels, shape: [4])
    try withoutGradients {
      let output = try model.forward(images, .evaluation)
      let error = try relativeError(output.decoded.floats(), golden.floats("decoder1").values)
      print("\(name) decoded: error \(error)")
      #expect(error < Self.mapTolerance)
      for (index, entry) in output.logits.enumerated() {
        let expected = try golden.floats("fc\(index + 1)").values
        #expect(relativeError(try entry.logits.floats(), expected) < Self.mapTolerance)
      }
      let losses = try model.losses(
        output, images: images, classes: classes, variance: golden.losses.variance)
      #expect(Set(losses.parts.map(\.name)) == Set(golden.losses.eval.keys))
      for (part, value) in losses.parts {
        let expected = golden.losses.eval[part] ?? .nan
        let relative = try abs(value.item() - expected) / abs(expected)
        print("\(name) \(part): relative \(relative)")
        #expect(relative < Self.lossTolerance, "\(part)")
      }
    }
  }

  @Test(arguments: Golden.names) func firstTrainingStepIsUpstreams(name: String) throws {
    let golden = try Golden(name)
    let model = try golden.model()
    let images = try golden.tensor("image")
    let classes = try Tensor(integers: golden.losses.labels, shape: [4])
    let optimizer = try Adam(model.namedParameters, options: .adamW(learningRate: 1e-3))
    for (step, expected) in golden.losses.training.enumerated() {
      try optimizer.forgetGradients()
      let output = try model.forward(images, .training(nil))
      let losses = try model.losses(
        output, images: images, classes: classes, variance: golden.losses.variance)
      try losses.total.backward()
      let norm = try optimizer.gradientNorm()
      for (part, value) in losses.parts + [("grad_norm", try Tensor([Float(norm)], shape: []))] {
        let wanted = expected[part] ?? .nan
        let relative = try abs(value.item() - wanted) / abs(wanted)
        print("\(name) step \(step) \(part): relative \(relative)")
        if step == 0 { #expect(relative < Self.stepTolerance, "\(part)") }
      }
      try optimizer.step()
    }
  }
}
