import ArrayFiles
import CytoselfModel
import Foundation
import Testing
import Torch
import TorchNN
import TorchTestSupport

@Suite(.leavesNoTensor) struct ModelTests {
  /// Every variant, small enough to build and run in a moment.
  static let variants: [String: ModelConfiguration] = {
    let levels = [
      LevelConfiguration(codes: 8, codeWidth: 4, stages: [.init(1, 3, 2, 8, 8, 1)]),
      LevelConfiguration(codes: 8, codeWidth: 4, splits: 2, stages: [.init(2, 5, 2, 8, 16, 2)]),
    ]
    let full = ModelConfiguration(
      imageChannels: 3, imageSize: 24, classes: 5, levels: levels,
      head: HeadConfiguration(layers: 2, features: 6))
    var variants = [
      "full": full, "no split": full.variant(.noSplit), "no pretext": full.variant(.noPretext),
      "lite": full.variant(.lite),
    ]
    for input in HeadConfiguration.Input.allCases {
      var variant = full
      variant.head?.input = input
      variant.head?.levels = [2]
      variants["head on \(input.rawValue)"] = variant
    }
    for (name, head, isQuantized) in [
      ("vqvae-fc", HeadConfiguration(layers: 1), true), ("vqvae", nil, true),
      ("autoencoder", nil, false), ("autoencoder-fc", HeadConfiguration(input: .encoder), false),
    ] {
      variants[name] = ModelConfiguration(
        imageChannels: 3, imageSize: 24, classes: 5, levels: [levels[0]],
        isQuantized: isQuantized, head: head)
    }
    for scale in EncoderScale.allCases {
      variants["width \(scale.rawValue)"] = {
        var variant = full
        variant.scale = scale
        return variant
      }()
    }
    var wide = full
    wide.decoder = DecoderConfiguration(residualUnits: 1, hiddenWidth: 16, minimumWidth: 8)
    variants["decoder with a first convolution"] = wide
    for (name, variant) in variants where !name.hasPrefix("width") {
      var keras = variant
      keras.architecture = .keras
      variants["keras \(name)"] = name == "no split" ? keras.variant(.noSplit) : keras
    }
    return variants
  }()

  private func images(_ seed: UInt64 = 4) throws -> Tensor {
    let images = try Tensor.filled(with: 0, shape: [4, 3, 24, 24])
    try Generator(seed: seed).fillUniform(images, from: 0, to: 1)
    return images
  }

  @Test(arguments: variants.keys.sorted())
  func everyVariantTrains(name: String) throws {
    let configuration = try #require(Self.variants[name])
    let generator = try Generator(seed: 5)
    let model = try CytoselfModel(configuration, generator: generator)
    let optimizer = try Adam(model.namedParameters, options: .adamW(learningRate: 1e-2))
    let classes = try Tensor(integers: [0, 1, 2, 4], shape: [4])
    var losses: [Double] = []
    for _ in 0..<12 {
      try optimizer.forgetGradients()
      let output = try model.forward(images(), .training(generator))
      #expect(output.decoded.shape == [4, 3, 24, 24])
      let loss = try model.losses(output, images: images(), classes: classes, variance: 0.083)
      try loss.total.backward()
      try optimizer.step()
      losses.append(try loss.total.item())
    }
    #expect(losses.allSatisfy { $0.isFinite })
    #expect((losses.last ?? .nan) < losses[0], "\(losses)")
  }

  @Test func sameSeedSameModel() throws {
    let configuration = try #require(Self.variants["full"])
    let a = try CytoselfModel(configuration, generator: Generator(seed: 1))
    let b = try CytoselfModel(configuration, generator: Generator(seed: 1))
    for (name, tensor) in a.stateDictionary {
      #expect(try tensor.bytes() == b.stateDictionary[name]?.bytes(), "\(name)")
    }
  }

  @Test func evaluationNeitherDropsNorChangesStatistics() throws {
    let configuration = try #require(Self.variants["full"])
    let model = try CytoselfModel(configuration, generator: Generator(seed: 1))
    let before = try model.stateDictionary.map { try $0.tensor.bytes() }
    let first = try model.forward(images(), .evaluation).decoded.bytes()
    #expect(try model.forward(images(), .evaluation).decoded.bytes() == first)
    #expect(try model.stateDictionary.map { try $0.tensor.bytes() } == before)
    _ = try model.forward(images(), .training(nil))
    #expect(try model.stateDictionary.map { try $0.tensor.bytes() } != before)
  }

  @Test func embeddingStopsWhereItCan() throws {
    let configuration = try #require(Self.variants["full"])
    let model = try CytoselfModel(configuration, generator: Generator(seed: 1))
    let output = try model.forward(images(), .evaluation)
    let layers = configuration.embeddingLayers
    let values = try model.embed(images(), layers: layers)
    #expect(values.count == layers.count)
    for (layer, value) in zip(layers, values) {
      #expect(value.shape == [4] + configuration.itemShape(of: layer))
      if layer.kind == .vqind {
        #expect(try value.int64s() == output.quantized[layer.level].codes.int64s())
      }
    }
    #expect(throws: ModelError.self) {
      try model.embed(images(), layers: [ModelLayer(.vqvec, level: 2)])
    }
    let wrong = try Tensor.filled(with: 0, shape: [4, 2, 24, 24])
    let error = #expect(throws: ModelError.self) { try model.embed(wrong, layers: [layers[0]]) }
    #expect(error == .imageShape(found: [4, 2, 24, 24], channels: 3, size: 24))
  }

  @Test func weightFilesRoundTrip() throws {
    let configuration = try #require(Self.variants["full"])
    let model = try CytoselfModel(configuration, generator: Generator(seed: 1))
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appending(path: "model.safetensors")
    try model.stateDictionary.write(to: url, metadata: ["labels": "A,B"])
    let file = try Safetensors(url)
    #expect(file.metadata == ["labels": "A,B"])
    let restored = try StateDictionary(file)
    #expect(restored.names.sorted() == model.stateDictionary.names.sorted())
    for (name, tensor) in model.stateDictionary {
      #expect(try tensor.bytes() == restored[name]?.bytes(), "\(name)")
    }
    var other = configuration
    other.classes = 6
    let wrong = try CytoselfModel(other, generator: Generator(seed: 1))
    let mismatch = #expect(throws: StateMismatch.self) {
      try wrong.stateDictionary.copy(from: model.stateDictionary)
    }
    #expect(mismatch?.shapes.count == 4)
    #expect(mismatch?.description.contains("fc_layers.0") == true)
  }
}
