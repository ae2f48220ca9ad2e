import CytoselfModel
import Testing
import Torch
import TorchNN
import TorchTestSupport

/// Training with products in bfloat16, which every processor can compute.
///
/// Slowly with narrow instructions, so not where the tests are held to them.
@Suite(.leavesNoTensor, .enabled(if: Runtime.usesKernels)) struct PrecisionTests {
  /// Relative, between the losses of one step; the widest seen is 0.019.
  ///
  /// After more steps single
  /// codes fall otherwise, as they do with another seed, and the runs part.
  static let lossTolerance = 0.04
  static let steps = 8

  /// Stripes of a frequency by class, so that there is something to learn.
  private func batch(_ shape: ModelConfiguration) throws -> (images: Tensor, classes: Tensor) {
    let (count, side) = (8, shape.imageSize)
    var pixels: [Float] = []
    for image in 0..<count {
      for channel in 0..<shape.imageChannels {
        for place in 0..<side * side {
          let period = 2 + (image % 4) * 2 + channel
          pixels.append((place % side + place / side) % period < period / 2 ? 0.9 : 0.1)
        }
      }
    }
    return (
      try Tensor(pixels, shape: [count, shape.imageChannels, side, side]),
      try Tensor(integers: (0..<count).map { Int64($0 % 4) }, shape: [count])
    )
  }

  private func train(_ shape: ModelConfiguration, _ precision: Precision) throws -> [Double] {
    let model = try CytoselfModel(shape, generator: Generator(seed: 1))
    let optimizer = try Adam(model.namedParameters, options: .adamW(learningRate: 3e-3))
    var context = ForwardContext.training(nil)
    context.precision = precision
    let (images, classes) = try batch(shape)
    return try (0..<Self.steps).map { _ in
      try optimizer.forgetGradients()
      let output = try model.forward(images, context)
      let losses = try model.losses(output, images: images, classes: classes, variance: 0.16)
      try losses.total.backward()
      try optimizer.step()
      return try losses.total.item()
    }
  }

  @Test(arguments: ["full", "keras full"]) func trainsToTheSameLosses(variant: String) throws {
    let shape = try #require(ModelTests.variants[variant])
    let (exact, rounded) = (try train(shape, .float32), try train(shape, .bfloat16))
    #expect(exact[0] != rounded[0], "bfloat16 was not used")
    let differences = zip(exact, rounded).map { abs($1 / $0 - 1) }
    print("\(variant): losses \(exact), relative differences in bfloat16 \(differences)")
    #expect(exact[Self.steps - 1] < 0.8 * exact[0], "the loss does not fall")
    #expect(differences.allSatisfy { $0 < Self.lossTolerance }, "\(differences)")
  }

  /// What leaves the network, and what changes its weights, stays float32 in every variant.
  @Test(arguments: ModelTests.variants.keys.filter { !$0.hasPrefix("width") }.sorted())
  func resultsAreFloat32(variant: String) throws {
    let shape = try #require(ModelTests.variants[variant])
    let model = try CytoselfModel(shape, generator: Generator(seed: 1))
    var context = ForwardContext.training(try Generator(seed: 2))
    context.precision = .bfloat16
    let (images, classes) = try batch(shape)
    let output = try model.forward(images, context)
    let results = [output.decoded] + output.logits.map(\.logits) + output.quantized.map(\.vectors)
    #expect(results.allSatisfy { $0.elementType == .float32 })
    try model.losses(output, images: images, classes: classes, variance: 0.16).total.backward()
    let gradients = try model.namedParameters.compactMap { try $0.tensor.gradient() }
    #expect(!gradients.isEmpty)
    for gradient in gradients {
      #expect(gradient.elementType == .float32)
      #expect(try gradient.floats().allSatisfy(\.isFinite))
    }
  }

  /// The setting ends with the closure, also for what is called inside in float32.
  @Test func settingEndsWithItsScope() throws {
    let tensor = try Tensor([1.001, 2, 3, 4], shape: [2, 2])
    func product() throws -> TensorElementType { try tensor.matrixProduct(tensor).elementType }
    try Precision.bfloat16.run(on: .cpu) { () throws in
      #expect(try product() == .bfloat16)
      try Precision.float32.run(on: .cpu) { () throws in #expect(try product() == .float32) }
      #expect(try product() == .bfloat16)
    }
    #expect(try product() == .float32)
  }
}
