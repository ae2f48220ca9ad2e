import CytoselfModel
import Foundation
import Testing
import Torch
import TorchNN
import TorchTestSupport

/// The `keras` architecture against small models that upstream's Keras ran, of odd sizes and without
/// near ties: every code must be upstream's.
@Suite(.leavesNoTensor) struct KerasModelTests {
  /// Of the largest magnitude, for maps, images and probabilities; the largest seen is 6.6e-7 for
  /// embeddings and 5.2e-6 behind the decoders, where upstream itself without oneDNN is at 3.5e-6.
  static let mapTolerance = 1e-5
  /// Relative, for the losses of an evaluation; the largest seen is 4e-7.
  static let lossTolerance = 1e-5
  /// Relative, for the loss and the norm of the gradient of the first step of training.
  ///
  /// The largest seen is 9e-7. Rounding grows after it, and codes of later steps may be near ties.
  static let stepTolerance = 1e-5
  /// Relative, for the loss after the first and second step of Adam; the largest seen is 2e-5.
  static let laterTolerance = 1e-3

  private static func expectClose(
    _ tensor: Tensor, _ golden: Golden, _ name: String, within tolerance: Double
  ) throws {
    let (expected, shape) = try golden.floats(name)
    #expect(tensor.shape == shape, "\(name)")
    let error = relativeError(try tensor.floats(), expected)
    print("\(golden.folder.lastPathComponent) \(name): error \(error)")
    #expect(error < tolerance, "\(name)")
  }

  @Test(arguments: Golden.smallNames) func embeddingsAreUpstreams(name: String) throws {
    let golden = try Golden(name)
    for (layer, tensor) in try golden.embeddings(.vqind) {
      let isEqual = try tensor.floats() == golden.floats(layer).values
      #expect(isEqual, "\(layer)")
    }
    for kind in [ModelLayer.Kind.encoder, .vqvec, .vqindhist] {
      for (layer, tensor) in try golden.embeddings(kind) {
        try Self.expectClose(tensor, golden, layer, within: Self.mapTolerance)
      }
    }
  }

  @Test(arguments: Golden.smallNames) func evaluationIsUpstreams(name: String) throws {
    let golden = try Golden(name)
    let record = try #require(golden.losses)
    let model = try golden.model()
    let images = try golden.tensor("image")
    let classes = try Tensor(integers: record.labels, shape: [record.labels.count])
    try withoutGradients {
      let output = try model.forward(images, .evaluation)
      try Self.expectClose(output.decoded, golden, "decoder1", within: Self.mapTolerance)
      #expect(output.logits.count == (golden.configuration.head == nil ? 0 : 2))
      for (level, logits) in output.logits {
        try Self.expectClose(
          logits.softmax(1), golden, "fc\(level + 1)", within: Self.mapTolerance)
      }
      let losses = try model.losses(
        output, images: images, classes: classes, variance: record.variance)
      let parts = Dictionary(
        uniqueKeysWithValues:
          try (losses.named + perplexities(losses, output)).map { ($0.name, try $0.value.item()) })
      for (part, expected) in record.eval {
        let relative = abs((parts[part] ?? .nan) - expected) / abs(expected)
        print("\(name) \(part): relative \(relative)")
        #expect(relative < Self.lossTolerance, "\(part)")
      }
    }
  }

  @Test(arguments: Golden.smallNames) func trainingIsUpstreams(name: String) throws {
    let golden = try Golden(name)
    let record = try #require(golden.losses)
    let model = try golden.model()
    let images = try golden.tensor("image")
    let classes = try Tensor(integers: record.labels, shape: [record.labels.count])
    var options = Adam.Options.adam(learningRate: 1e-3)
    options.epsilon = 1e-7
    let optimizer = try Adam(model.namedParameters, options: options)
    for (step, expected) in record.training.enumerated() {
      try optimizer.forgetGradients()
      let output = try model.forward(images, .training(nil))
      let losses = try model.losses(
        output, images: images, classes: classes, variance: record.variance)
      try losses.total.backward()
      let found = ["loss": try losses.total.item(), "grad_norm": try optimizer.gradientNorm()]
      for (part, wanted) in expected {
        let relative = abs((found[part] ?? .nan) - wanted) / abs(wanted)
        print("\(name) step \(step) \(part): relative \(relative)")
        #expect(relative < (step == 0 ? Self.stepTolerance : Self.laterTolerance), "\(part)")
      }
      try optimizer.step()
    }
  }

  /// The joining of levels counts pixels from the corner: halves between neighbours, and the last
  /// one repeated.
  @Test func levelsAreJoinedFromTheCorner() throws {
    let map = try Tensor([0, 1, 2, 3], shape: [1, 1, 2, 2])
    #expect(
      try map.upsampledFromCorner(side: 4).floats() == [
        0, 0.5, 1, 1, 1, 1.5, 2, 2, 2, 2.5, 3, 3, 2, 2.5, 3, 3,
      ])
    #expect(try map.upsampledFromCorner(side: 2).floats() == [0, 1, 2, 3])
    let odd = try Tensor([0, 3, 0, 3], shape: [1, 1, 2, 2]).upsampledFromCorner(side: 3)
    for (value, expected) in zip(try odd.floats(), [0, 2, 3, 0, 2, 3, 0, 2, 3] as [Float]) {
      #expect(abs(value - expected) < 1e-6)
    }
    let weights = try Tensor((0..<9).map { Float($0 * $0 % 7) }, shape: [1, 1, 3, 3])
    try expectGradientMatches(at: map) { input in
      try (input.upsampledFromCorner(side: 3) * weights).sum()
    }
  }

  /// Sides that halve to odd numbers, where TensorFlow's padding differs between the ends.
  @Test(arguments: [5, 24, 25, 26, 27, 29, 64]) func sidesComeBackWhole(side: Int) throws {
    for configuration in Golden.small.values {
      var configuration = configuration
      configuration.imageSize = side
      let model = try CytoselfModel(configuration, generator: Generator(seed: 1))
      let images = try Tensor.filled(with: 0.5, shape: [1, 2, side, side])
      let output = try withoutGradients { try model.forward(images, .evaluation) }
      #expect(output.decoded.shape == [1, 2, side, side])
      #expect(output.quantized.map { $0.codes.shape[3] } == configuration.levelSizes)
    }
  }

  /// What makes a `keras` model of a configuration: each trait shows in the state.
  @Test func architectureDecidesTheState() throws {
    let keras = Preset.published.model(classes: 5, imageSize: 24)
    var pytorch = keras
    pytorch.architecture = .pytorch
    var generator = try Generator(seed: 1)
    let a = try CytoselfModel(keras, generator: generator).stateDictionary
    generator = try Generator(seed: 1)
    let b = try CytoselfModel(pytorch, generator: generator).stateDictionary
    #expect(a["encoders.1.features.0.0.weight"] == nil, "no deep stem")
    #expect(b["encoders.1.features.0.0.weight"] != nil)
    #expect(a["decoders.0.decoder.dec_first.conv.bias"]?.shape == [64])
    #expect(a["decoders.0.decoder.output_conv.weight"]?.shape == [2, 32, 3, 3])
    #expect(b["decoders.0.decoder.dec_first.conv.bias"] == nil)
    #expect(a["decoders.1.decoder.resrep1last.bn.weight"] != nil)
    let codes = try #require(a["vq_layers.0.codebook.weight"]).floats()
    #expect(codes.allSatisfy { abs($0) <= 0.05 } && codes.contains { abs($0) > 0.045 })
    var oneHead = keras
    oneHead.head?.levels = [2]
    let names = try CytoselfModel(oneHead, generator: Generator(seed: 1)).stateDictionary.names
    #expect(!names.contains { $0.hasPrefix("fc_layers.0") })
    #expect(names.contains("fc_layers.1.fc_list.4.bias"))
  }

  @Test func splitShapeIsAReshape() throws {
    let configuration = Preset.published.model(classes: 5)
    #expect(configuration.splitShape(0) == [25, 25])
    #expect(configuration.splitShape(1) == [12, 12])
    #expect(Golden.small["keras_small"]?.splitShape(1) == [8, 12])
    #expect(Golden.small["keras_small_no_pretext"]?.splitShape(1) == [4, 8])
    let codes = try Tensor.range(144).reshaped(1, 9, 4, 4)
    let split = try configuration.splitShaped(codes, level: 1)
    #expect(split.shape == [1, 12, 12])
    #expect(Array(try split.int64s().prefix(10)) == [0, 16, 32, 48, 64, 80, 96, 112, 128, 1])
    #expect(try configuration.mapShaped(split, level: 1).int64s() == codes.int64s())
    let vectors = try Tensor.filled(with: 0, shape: [2, 576, 4, 4])
    #expect(try configuration.splitShaped(vectors, level: 1).shape == [2, 12, 12, 64])
  }

  /// The convolution between an encoder and its quantiser is kept with the encoder.
  @Test func freezingAnEncoderKeepsItsCodeConvolution() throws {
    let configuration = try #require(Golden.small["keras_small_no_split"])
    let model = try CytoselfModel(configuration, generator: Generator(seed: 1))
    try model.freeze([ModelPart(.encoder, level: 0)])
    let names = model.trainableParameters.map(\.name)
    #expect(!names.contains { $0.hasPrefix("encoders.0.") || $0.hasPrefix("pre_vq_convs.0.") })
    #expect(names.contains("pre_vq_convs.1.weight"))
    #expect(names.contains { $0.hasPrefix("encoders.1.") })
  }
}
