import Foundation
import CytoselfModel
import Testing
import Torch
import TorchNN
import TorchTestSupport

@Suite(.leavesNoTensor) struct FeatureTests {
  private static let configuration: ModelConfiguration = {
    var model = ModelConfiguration(
      imageChannels: 2, imageSize: 24, classes: 3,
      levels: [
        LevelConfiguration(codes: 8, codeWidth: 4, stages: [.init(1, 3, 2, 8, 8, 1)]),
        LevelConfiguration(codes: 8, codeWidth: 4, stages: [.init(2, 5, 2, 8, 16, 2)]),
      ],
      head: HeadConfiguration(levels: [2], input: .features, features: 6, dropout: 0))
    model.codebookUpdate = .average
    return model
  }()

  private func images(_ count: Int, seed: UInt64 = 1) throws -> Tensor {
    let tensor = try Tensor.filled(with: 0, shape: [count, 2, 24, 24])
    try Generator(seed: seed).fillUniform(tensor, from: 0, to: 1)
    return tensor
  }

  @Test func featuresAreALayerOfTheirOwn() throws {
    let model = try CytoselfModel(Self.configuration, generator: Generator(seed: 0))
    let layer = Self.configuration.defaultEmbeddingLayer
    #expect(Self.configuration.name(of: layer) == "features")
    #expect(Self.configuration.itemShape(of: layer) == [14], "six features, eight codes")
    let found = try model.embed(images(4), layers: [layer])
    #expect(found[0].shape == [4, 14])
    let shares = try found[0].narrowed(axis: 1, start: 6, length: 8)
    #expect(try shares.sum(1).floats().allSatisfy { abs($0 - 1) < 1e-5 })
    let counts = try model.embed(
      images(4), layers: [Self.configuration.embeddingLayer(named: "vqindhist1")])[0]
    #expect(try shares.isClose(to: counts / counts.sum(1, keepingAxes: true)))
    #expect(try found[0].floats().allSatisfy { $0.isFinite })
    var plain = Self.configuration
    plain.head?.input = .vqvec
    #expect(plain.name(of: plain.defaultEmbeddingLayer) == "vqvec2")
    #expect(throws: ModelError.self) { try plain.embeddingLayer(named: "features") }
  }

  @Test func everyWeightButTheUnusedTakesAGradient() throws {
    let model = try CytoselfModel(Self.configuration, generator: Generator(seed: 0))
    let images = try images(6)
    let classes = try Tensor(integers: [0, 0, 1, 1, 2, 2], shape: [6])
    let output = try model.forward(images, .training(Generator(seed: 1)))
    let losses = try model.losses(
      output, images: images, classes: classes, variance: 0.1,
      coefficients: LossCoefficients(labelSmoothing: 0.1))
    try losses.total.backward()
    for (name, tensor) in model.trainableParameters {
      #expect(try tensor.gradient() != nil, "\(name) takes no gradient")
    }
    #expect(!model.namedParameters.contains { $0.name.contains("codebook") })
  }

  @Test func smoothingSpreadsTheAim() throws {
    var plain = Self.configuration
    plain.codebookUpdate = .gradient
    let model = try CytoselfModel(plain, generator: Generator(seed: 0))
    let images = try images(4)
    let classes = try Tensor(integers: [0, 1, 2, 0], shape: [4])
    let output = try model.forward(images, .evaluation)
    func total(_ smoothing: Double) throws -> Double {
      try model.losses(
        output, images: images, classes: classes, variance: 1,
        coefficients: LossCoefficients(labelSmoothing: smoothing)
      ).total.item()
    }
    let entropy = try output.logits[0].logits.crossEntropy(classes).item()
    let spread = try output.logits[0].logits.logSoftmax(1).mean().negated().item()
    let expected = try total(0) - 0.2 * entropy + 0.2 * spread
    #expect(abs(try total(0.2) - expected) < 1e-4)
  }

  @Test func aFrozenHeadKeepsItsFeatures() throws {
    let model = try CytoselfModel(Self.configuration, generator: Generator(seed: 0))
    try model.freeze(Set(Self.configuration.parts(named: "head")))
    let trained = model.trainableParameters.map(\.name)
    #expect(!trained.contains { $0.hasPrefix("pooling.") || $0.hasPrefix("fc_layers.") })
    #expect(trained.contains { $0.hasPrefix("encoders.") })
  }

  @Test func featuresAndHistogramsComeTogether() throws {
    let model = try CytoselfModel(Self.configuration, generator: Generator(seed: 0))
    let names = ["vqindhist2", "features", "encoder1", "vqindhist1"]
    let layers = try names.map { try Self.configuration.embeddingLayer(named: $0) }
    let together = try model.embed(images(3), layers: layers)
    for (layer, found) in zip(layers, together) {
      let alone = try model.embed(images(3), layers: [layer])[0]
      #expect(try found.floats() == alone.floats())
    }
  }

  @Test func levelsAreLeftOutInTrainingAlone() throws {
    let model = try CytoselfModel(Self.configuration, generator: Generator(seed: 0))
    let images = try images(3)
    var context = ForwardContext.evaluation
    let whole = try model.forward(images, context).decoded.floats()
    context.firstLevelDropRate = 0.9
    #expect(try model.forward(images, context).decoded.floats() == whole)
  }

  @Test func bareTensorsTellTheFeatures() throws {
    let model = try CytoselfModel(Self.configuration, generator: Generator(seed: 0))
    let found = try ConfigurationFromWeights(TensorShapes(model.stateDictionary))
      .configuration(cropSize: 24)
    #expect(found.head?.input == .features)
    #expect(found.head?.features == 6)
    #expect(found.codebookUpdate == .average)
    #expect(found.classes == 3)
  }
}
