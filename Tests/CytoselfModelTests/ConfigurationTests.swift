import CytoselfModel
import Foundation
import Testing
import Torch
import TorchNN
import TorchTestSupport

@Suite(.leavesNoTensor) struct ConfigurationTests {
  @Test func levelsOfThePublishedCropSize() {
    #expect(Preset.readme.model(classes: 9).levelSizes == [25, 4])
    #expect(Preset.readme.model(classes: 9).variant(.vqvae).levelSizes == [4])
    #expect(Preset.readme.model(classes: 9, imageSize: 64).levelSizes == [16, 2])
  }

  @Test func impossibleCropSizesAreRefusedWithTheSmallestThatWorks() throws {
    let error = #expect(throws: ModelError.self) {
      try Preset.readme.model(classes: 9, imageSize: 4).validate()
    }
    #expect(error == .imageSize(found: 4, levels: [1, 1], smallest: 5))
    #expect(error?.description.contains("4 x 4") == true)
    try Preset.readme.model(classes: 9, imageSize: 5).validate()
  }

  typealias Change = @Sendable (inout ModelConfiguration) -> Void

  static let wrong: [String: Change] = [
    "image_channels": { $0.imageChannels = 0 },
    "levels": { $0.levels = [] },
    "levels[0].codes": { $0.levels[0].codes = 1 },
    "levels[1].code_width": { $0.levels[1].codeWidth = 0 },
    "levels[1].splits": { $0.levels[1].splits = 0 },
    "levels[0].stages": { $0.levels[0].stages = [.init(6, 4, 1, 8, 8, 1)] },
    "classes": { $0.classes = 1 },
    "head.levels": { $0.head?.levels = [3] },
    "head.layers": { $0.head?.layers = 0 },
    "head.dropout": { $0.head?.dropout = 1 },
    "head.input": { $0.isQuantized = false },
    "minimum_width": { $0.decoder.minimumWidth = 0 },
    "residual_units": { $0.decoder.residualUnits = -1 },
  ]

  @Test(arguments: wrong.keys.sorted()) func wrongSettingsAreNamed(key: String) throws {
    var configuration = Preset.readme.model(classes: 9)
    let change = try #require(Self.wrong[key])
    change(&configuration)
    let error = #expect(throws: ModelError.self) { try configuration.validate() }
    guard case .setting(let found, _, _) = error else {
      Issue.record("expected a setting, got \(String(describing: error))")
      return
    }
    #expect(found == key)
  }

  @Test func configurationSurvivesJSON() throws {
    let configuration = Preset.author.model(classes: 1311).variant(.lite)
    let data = try JSONEncoder().encode(configuration)
    #expect(try JSONDecoder().decode(ModelConfiguration.self, from: data) == configuration)
  }

  /// Files from before there were two architectures.
  @Test func configurationsWithoutArchitectureAreOfPyTorch() throws {
    let json = """
      {"imageChannels": 2, "imageSize": 100, "classes": 9, "isQuantized": true,
       "levels": [{"codes": 512, "codeWidth": 64, "splits": 1},
                  {"codes": 512, "codeWidth": 64, "splits": 1}],
       "hasLevelDecoders": true, "scale": "b0", "commitmentCost": 0.25, "softmaxCost": 0,
       "head": {"levels": [2], "input": "vqvec", "layers": 1, "features": 1000, "dropout": 0.5},
       "decoder": {"residualUnits": 2, "minimumWidth": 1}}
      """
    var expected = Preset.readme.model(classes: 9)
    expected.decoder.minimumWidth = 1
    let decoded = try JSONDecoder().decode(ModelConfiguration.self, from: Data(json.utf8))
    #expect(decoded == expected)
    #expect(decoded.architecture == .pytorch)
    let keras = Preset.published.model(classes: 9).variant(.noSplit)
    #expect(keras.hasCodeConvolutions)
    let data = try JSONEncoder().encode(keras)
    #expect(try JSONDecoder().decode(ModelConfiguration.self, from: data) == keras)
    let wrong = json.replacingOccurrences(of: "{\"image", with: "{\"architecture\": \"x\", \"image")
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(ModelConfiguration.self, from: Data(wrong.utf8))
    }
  }

  /// EfficientNet's published widths: B7's stem has 64 channels, B2's last stage 352.
  @Test func scalesFollowEfficientNet() {
    #expect(EncoderScale.b7.channels(32) == 64)
    #expect(EncoderScale.b2.channels(320) == 352)
    #expect(EncoderScale.b4.channels(16) == 24)
    #expect(EncoderScale.b1.blocks(4) == 5)
    #expect(EncoderScale.b7.blocks(1) == 4)
    #expect(EncoderScale.b0.channels(24) == 24)
  }

  @Test func layersAreNamedAsUpstream() throws {
    let two = Preset.readme.model(classes: 9)
    #expect(two.embeddingLayers.map { two.name(of: $0) }.contains("vqindhist2"))
    #expect(try two.embeddingLayer(named: "vqvec2") == ModelLayer(.vqvec, level: 1))
    let one = Preset.readme.model(classes: 9).variant(.vqvae)
    #expect(try one.embeddingLayer(named: "vqvec") == ModelLayer(.vqvec, level: 0))
    #expect(try one.embeddingLayer(named: "vqvec1") == ModelLayer(.vqvec, level: 0))
    let error = #expect(throws: ModelError.self) { try two.embeddingLayer(named: "vqvec3") }
    #expect(error?.description.contains("vqind1") == true)
    let plain = Preset.readme.model(classes: 9).variant(.autoencoder)
    #expect(plain.embeddingLayers.map { plain.name(of: $0) } == ["encoder"])
  }
}
