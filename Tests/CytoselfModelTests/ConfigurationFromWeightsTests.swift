import ArrayFiles
import CytoselfModel
import Foundation
import Testing
import Torch
import TorchNN
import TorchTestSupport

/// A configuration comes back from the names and shapes of the tensors it makes.
@Suite(.leavesNoTensor) struct ConfigurationFromWeightsTests {
  /// Every variant of the other tests, upstream's presets, and every scale with upstream's stages.
  static let models: [String: ModelConfiguration] = {
    var models = ModelTests.variants
    for (name, golden) in Golden.pytorch { models[name] = golden }
    models["keras_full"] = Golden.published
    for scale in EncoderScale.allCases {
      var two = Preset.small.model(classes: 7, imageChannels: 3, imageSize: 96)
      two.decoder.hiddenWidth = nil
      two.scale = scale
      models["two levels \(scale.rawValue)"] = two
      two.architecture = .keras
      models["keras two levels \(scale.rawValue)"] = two
      // The largest take seconds to draw; one shape of each is enough.
      guard [.b0, .b3, .half].contains(scale) else { continue }
      var one = ModelConfiguration(
        classes: 4, levels: [LevelConfiguration(codes: 32, codeWidth: 8, splits: 2)],
        head: HeadConfiguration(layers: 2))
      one.scale = scale
      models["one level \(scale.rawValue)"] = one
    }
    models["author"] = Preset.author.model(classes: 20)
    models["published without splits"] = Preset.published.model(classes: 20).variant(.noSplit)
    models["published without pretext"] = Preset.published.model(classes: 20).variant(.noPretext)
    models["without decoder units"] = {
      var small = Preset.small.model(classes: 3)
      small.decoder.hiddenWidth = nil
      small.decoder.residualUnits = 0
      return small
    }()
    for size in [64, 150, 201] {
      models["crops of \(size)"] = Preset.readme.model(
        classes: 5, imageChannels: 1, imageSize: size)
    }
    return models
  }()

  /// A configuration with everything that no tensor shows set to what inference must take.
  private func visible(_ configuration: ModelConfiguration) -> ModelConfiguration {
    var copy = configuration
    copy.commitmentCost = 0.25
    copy.softmaxCost = 0
    copy.decoder.minimumWidth = nil
    if copy.head == nil { copy.classes = 0 }
    // Keras models have the classifiers that count, and no others.
    let hasEveryHead = copy.architecture == .pytorch && copy.head?.input != .features
    if hasEveryHead || copy.head?.levels?.count == copy.levels.count {
      copy.head?.levels = nil
    }
    copy.head?.dropout = 0.5
    if copy.head?.layers == 1 { copy.head?.features = 1000 }
    if copy.isQuantized, copy.head?.input == .encoder { copy.head?.input = .vqvec }
    if copy.levels.count == 1 { copy.hasLevelDecoders = true }
    if !copy.isQuantized {
      for index in copy.levels.indices {
        copy.levels[index].codes = 512
        copy.levels[index].codeWidth = copy.levels[index].channels
        copy.levels[index].splits = 1
      }
    }
    return copy
  }

  @Test(arguments: models.keys.sorted()) func configurationComesBack(name: String) throws {
    let configuration = try #require(Self.models[name])
    let model = try CytoselfModel(configuration, generator: Generator(seed: 1))
    let inference = try ConfigurationFromWeights(TensorShapes(model.stateDictionary))
    var found = try inference.configuration(cropSize: configuration.imageSize)
    if let width = Self.models[name]?.decoder.minimumWidth, width > 1 {
      #expect(found.decoder.minimumWidth == width)
    }
    // Stages of one's own come back with the widths they have, which no scale can be told from.
    let hasOwnStages = configuration.levels.contains { $0.stages != nil }
    var expected = visible(configuration)
    if hasOwnStages {
      #expect(inference.assumptions.contains { $0.setting == "scale" })
      if expected.scale.norm != found.scale.norm { expected.scale = .b0 }
      #expect(expected.levels.indices.allSatisfy { found.levels[$0].stages != nil })
      // The model that is made of it has the same tensors.
      let again = try CytoselfModel(found, generator: Generator(seed: 2))
      #expect(again.stateDictionary.names == model.stateDictionary.names)
      #expect(again.stateDictionary.mismatch(with: model.stateDictionary).isEmpty)
      #expect(found.levelSizes == configuration.levelSizes)
      for index in found.levels.indices {
        found.levels[index].stages = nil
        expected.levels[index].stages = nil
      }
      (found.scale, expected.scale) = (.b0, .b0)
    }
    found.decoder.minimumWidth = nil
    #expect(found == expected)
    let readsMaps =
      configuration.head.map { $0.input != .vqindhist && $0.input != .features } ?? false
    #expect((inference.cropSizes != nil) == readsMaps)
    if readsMaps { #expect(inference.cropSizes?.contains(configuration.imageSize) == true) }
  }

  @Test func cropSizeIsARangeOrMustBeGiven() throws {
    func inference(_ configuration: ModelConfiguration) throws -> ConfigurationFromWeights {
      let model = try CytoselfModel(configuration, generator: Generator(seed: 1))
      return try ConfigurationFromWeights(TensorShapes(model.stateDictionary))
    }
    let readme = try inference(Preset.readme.model(classes: 9))
    #expect(readme.cropSizes == 97...100)
    #expect(try readme.configuration().imageSize == 100)
    #expect(try readme.configuration(cropSize: 98).imageSize == 98)
    let wrong = #expect(throws: ModelError.self) { try readme.configuration(cropSize: 64) }
    #expect(wrong == .cropSize(found: 64, fitting: 97...100))
    #expect(wrong?.description.contains("need 97 to 100") == true)

    let plain = try inference(Preset.readme.model(classes: 9).variant(.noPretext))
    #expect(plain.cropSizes == nil)
    let unknown = #expect(throws: ModelError.self) { try plain.configuration() }
    #expect(unknown?.description.contains("--crop-size") == true)
    #expect(unknown?.description.contains("no classifier") == true)
    #expect(try plain.configuration(cropSize: 64).levelSizes == [16, 2])
  }

  @Test func tensorsOfOtherNetworksAreRefusedWithAReason() throws {
    func reason(_ tensors: [(name: String, shape: [Int])]) -> String {
      do {
        _ = try ConfigurationFromWeights(TensorShapes(tensors))
        return "accepted"
      } catch {
        return error.description
      }
    }
    #expect(
      reason([("conv1.weight", [64, 3, 7, 7])]).contains("neither 'encoders.0' nor 'encoder'"))
    let model = try CytoselfModel(Preset.readme.model(classes: 9), generator: Generator(seed: 1))
    let whole = model.stateDictionary.map { ($0.name, $0.tensor.shape) }
    #expect(reason(whole) == "accepted")
    let headless = whole.filter { !$0.0.hasPrefix("decoders") }
    #expect(reason(headless).contains("no decoder"))
    let narrow = whole.map { $0.0.hasPrefix("vq_layers.1") ? ($0.0, [512, 60]) : $0 }
    #expect(reason(narrow).contains("width 60, which does not divide the 64 channels"))
    // A shape that would make a model far larger than the file must not be built.
    let huge = whole.map { name, shape -> (name: String, shape: [Int]) in
      if name == "encoders.1.features.5.0.weight" { return (name, [1 << 20, 320, 1, 1]) }
      return name == "vq_layers.1.codebook.weight" ? (name, [4, 1 << 20]) : (name, shape)
    }
    #expect(reason(huge).contains("cytoself model"))
    let odd = whole.map { $0.0 == "fc_layers.1.fc_list.1.weight" ? ($0.0, [9, 1023]) : $0 }
    #expect(reason(odd).contains("[40000, 1023] numbers"))
  }

  @Test func stridesThatCannotBeInferredAreNotGuessed() throws {
    var configuration = Preset.readme.model(classes: 9)
    configuration.levels[1].stages = [
      .init(6, 3, 1, 40, 80, 1), .init(6, 3, 2, 80, 96, 1), .init(6, 3, 2, 96, 320, 1),
    ]
    let model = try CytoselfModel(configuration, generator: Generator(seed: 1))
    let error = #expect(throws: ModelError.self) {
      try ConfigurationFromWeights(TensorShapes(model.stateDictionary))
    }
    #expect(error?.description.contains("strides are not in a file of tensors") == true)
  }

  @Test(.enabled(if: Golden.exists), arguments: Golden.names)
  func upstreamsFilesTellTheirModels(name: String) throws {
    let golden = try Golden(name)
    let inference = try ConfigurationFromWeights(TensorShapes(golden.state()))
    let found = try inference.configuration(cropSize: 100)
    #expect(found == visible(golden.configuration))
    #expect((inference.cropSizes == nil) == (name == "pt_lite"))
  }

  @Test(.enabled(if: Golden.exists)) func kerasFilesTellTheirModel() throws {
    let golden = try Golden("keras_full")
    let weights = try ModelWeights(
      WeightFile(golden.folder.appending(path: "weights.h5")))
    #expect(try weights.found.configuration() == visible(golden.configuration))
    #expect(weights.found.cropSizes == 97...100)
    #expect(
      weights.found.assumptions.map(\.setting) == [
        "crop size", "head.input", "head.dropout", "commitment", "softmax",
      ])
    let (found, expected) = (try weights.state(), try golden.state())
    #expect(found.names == expected.names)
    for (name, tensor) in expected {
      let isEqual = try found[name]?.floats() == tensor.floats()
      #expect(isEqual, "\(name)")
    }
  }
}
