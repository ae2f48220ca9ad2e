import CytoselfModel
import CytoselfTraining
import Testing
import TorchTestSupport

/// The settings of a run that make a model which was read from weights.
@Suite(.leavesNoTensor) struct ModelSectionWeightsTests {
  @Test(arguments: ModelVariant.allCases, Architecture.allCases)
  func settingsMakeTheModel(variant: ModelVariant, architecture: Architecture) throws {
    var section = ModelSection()
    section.architecture = architecture
    section.variant = variant
    section.levels[1].splits = 3
    section.levels[0].stages = [[1, 3, 1, 32, 16, 1], [6, 3, 2, 16, 24, 2]]
    section.head.layers = 2
    section.scale = .half
    section.decoder.hiddenWidth = 24
    let model = try section.configuration(
      crop: [2, 100, 100], classes: section.variant.hasHead ? 7 : 0)
    let found = try #require(ModelSection(model))
    #expect(try found.configuration(crop: [2, 100, 100], classes: model.classes) == model)
  }

  @Test func modelsWithoutAVariantAreNotForcedIntoOne() {
    var model = Preset.readme.model(classes: 3).variant(.noPretext)
    model.hasLevelDecoders = false
    #expect(ModelSection(model) == nil)
  }
}
