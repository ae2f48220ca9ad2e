import ArrayFiles
import CytoselfModel
import CytoselfTraining
import Foundation
import Testing
import Torch
import TorchTestSupport
import TrainingTestSupport

@Suite(.leavesNoTensor) struct ConfigurationTests {
  private let preset = Preset.small.configuration

  private func message(_ yaml: String) -> String? {
    do {
      try preset.replacing(yaml: yaml, name: "mine.yaml").validate()
      return nil
    } catch {
      return error.description
    }
  }

  @Test func fileReplacesSingleSettings() throws {
    let configuration = try preset.replacing(
      yaml: """
        preset: small
        data:
          channels: [pro, nucdist]
          intensity: {nucdist: 0.02}
          label: 3
        model:
          variant: no-split
          levels:
            - codes: 64
            - {codes: 32, splits: 4}
            - {codes: 16}
        training:
          lr: 2e-4
          epochs: 3
          augment: no
          optimizer: adam
        """, name: "mine.yaml")
    #expect(configuration.data.channels == ["pro", "nucdist"])
    #expect(configuration.data.intensity == ["nucdist": 0.02])
    #expect(configuration.data.label == "3")
    #expect(configuration.model.variant == .noSplit)
    #expect(configuration.model.levels.map(\.codes) == [64, 32, 16])
    #expect(configuration.model.levels.map(\.splits) == [1, 4, 1])
    #expect(
      configuration.model.levels.map(\.codeWidth)
        == [0, 1, 1].map { preset.model.levels[$0].codeWidth })
    #expect(configuration.training.rate == 2e-4)
    #expect(configuration.training.epochs == 3)
    #expect(!configuration.training.augment)
    #expect(configuration.training.optimizer == .adam)
    #expect(configuration.training.batchSize == preset.training.batchSize)
    #expect(try TrainingConfiguration.presetName(yaml: "preset: author", name: "x") == "author")
    #expect(try TrainingConfiguration.presetName(yaml: "", name: "x") == nil)
  }

  @Test func publishedPresetIsThePublishedModel() throws {
    let configuration = Preset.published.configuration
    let model = try configuration.model.configuration(crop: [2, 100, 100], classes: 1311)
    #expect(model == Preset.published.model(classes: 1311))
    #expect(configuration.training.optimizer == .adam)
    #expect(configuration.training.rate == 1e-4)
    #expect(configuration.training.weightDecay == 0)
    let without = try configuration.replacing(assignment: "model.variant=no-split").model
      .configuration(crop: [2, 100, 100], classes: 1311)
    #expect(without == Preset.published.model(classes: 1311).variant(.noSplit))
  }

  @Test func emptyFileChangesNothing() throws {
    for yaml in ["", "# nothing\n", "{}", "null"] {
      #expect(try preset.replacing(yaml: yaml, name: "mine.yaml") == preset)
    }
  }

  @Test func assignmentReplacesOneSetting() throws {
    let configuration = try preset.replacing(assignment: "training.betas=[0.5, 0.9]")
      .replacing(assignment: "model.head.dropout=0.1")
      .replacing(assignment: "data.hold=[ACTB]")
    #expect(configuration.training.betas == [0.5, 0.9])
    #expect(configuration.model.head.dropout == 0.1)
    #expect(configuration.data.hold == ["ACTB"])
  }

  @Test(arguments: Preset.allCases)
  func printedConfigurationReadsBack(preset: Preset) throws {
    var configuration = preset.configuration
    configuration.data.path = "a path: with # signs"
    configuration.data.intensity = ["nuc": 0.5]
    configuration.model.levels[0].stages = [[1, 3, 2, 32, 16, 1]]
    let text = configuration.yaml
    let again = try Preset.readme.configuration.replacing(yaml: text, name: "config.yaml")
    #expect(again == configuration)
    #expect(again.yaml == text)
    try preset.configuration.validate()
  }

  @Test func everySettingIsExplained() throws {
    let lines = preset.yaml.split(separator: "\n").map { $0.drop { $0 == " " } }
    for (before, line) in zip(lines, lines.dropFirst())
    where !line.hasPrefix("#") && !line.hasSuffix(":") {
      #expect(before.hasPrefix("#"), "\(line) stands without a comment")
    }
    let paths = Setting.all.map(\.path)
    #expect(Set(paths).count == paths.count)
    #expect(
      paths.allSatisfy { path in
        preset.yaml.contains(path.split(separator: ".").last.map { "\($0):" } ?? "?")
      })
  }

  @Test(arguments: [
    (
      "training:\n  lerning_rate: 1",
      "mine.yaml, line 2: unknown key 'training.lerning_rate'; known here: init, freeze, seed,"
        + " epochs, steps, batch_size, accumulation, optimizer, lr, weight_decay, decay_vectors,"
        + " betas, epsilon, monitor, schedule, warm_up, plateau_patience, plateau_factor, lr_floor,"
        + " stop_patience, clip_norm, vq_coefficient, fc_coefficient,"
        + " label_smoothing, average, level_dropout, sampling, cells_per_class, augment,"
        + " distortion, checkpoint_steps, threads, loader_threads, device, precision."
    ),
    (
      "training:\n\n  batchsize: 1",
      "mine.yaml, line 3: unknown key 'training.batchsize'; did you mean 'batch_size'?"
    ),
    ("trainnig: {}", "mine.yaml, line 1: unknown key 'trainnig'; did you mean 'training'?"),
    (
      "model:\n  levels:\n    - cods: 3",
      "mine.yaml, line 3: unknown key 'model.levels.cods'; did you mean 'codes'?"
    ),
    (
      "training:\n  epochs: many",
      "mine.yaml, line 2: 'training.epochs' should be a whole number, but is 'many'."
    ),
    (
      "training:\n  epochs: 1.5",
      "mine.yaml, line 2: 'training.epochs' should be a whole number, but is '1.5'."
    ),
    (
      "training: {lr: fast}",
      "mine.yaml, line 1: 'training.lr' should be a number, but is 'fast'."
    ),
    (
      "training: {augment: 3}",
      "mine.yaml, line 1: 'training.augment' should be true or false, but is '3'."
    ),
    (
      "training: {lr: }", "mine.yaml, line 1: 'training.lr' should be a number, but is empty."
    ),
    (
      "training: 3",
      "mine.yaml, line 1: 'training' should be a group of settings, but is '3'."
    ),
    (
      "data: {label: {name: 3}}",
      "mine.yaml, line 1: 'data.label' should be text, but is a group of settings."
    ),
    (
      "data: {hold: ACTB}",
      "mine.yaml, line 1: 'data.hold' should be a list, as [a, b], but is 'ACTB'."
    ),
    (
      "- 1", "mine.yaml, line 1: 'the configuration' should be a group of settings, but is a list."
    ),
    (
      "training: {optimizer: sgd}",
      "mine.yaml, line 1: 'training.optimizer' should be one of: adamw, adam, but is 'sgd'."
    ),
    (
      "training:\n  lr: 1\n  lr: 2",
      "mine.yaml, line 2: not valid YAML (the same key twice: lr). Indent with spaces and write each"
        + " setting as 'key: value'."
    ),
    (
      "training: [1",
      "mine.yaml, line 2: not valid YAML (did not find expected ',' or ']'). Indent with spaces and"
        + " write each setting as 'key: value'."
    ),
    (
      "model:\n  levels:\n    - stages: [[1, x]]",
      "mine.yaml, line 3: 'model.levels[0].stages[0][1]' should be a whole number,"
        + " but is 'x'."
    ),
  ])
  func mistakesAreLocated(yaml: String, expected: String) {
    #expect(message(yaml) == expected)
  }

  @Test(arguments: [
    ("data.fractions=[0.5, 0.5]", "data.fractions is [0.5, 0.5], but should be three numbers."),
    (
      "data.fractions=[0, 0.5, 0.5]",
      "data.fractions is [0.0, 0.5, 0.5], but should be three numbers of 0 or more, the first above"
        + " 0."
    ),
    (
      "data.maximum_classes=-1",
      "data.maximum_classes is -1, but should be a whole number of 0 or more."
    ),
    ("data.intensity={nuc: 0}", "data.intensity.nuc is 0.0, but should be a number other than 0."),
    ("training.epochs=-1", "training.epochs is -1, but should be a whole number of 0 or more."),
    (
      "training.batch_size=0",
      "training.batch_size is 0, but should be a whole number of 1 or more."
    ),
    (
      "training.accumulation=0",
      "training.accumulation is 0, but should be a whole number of 1 or more."
    ),
    ("training.lr=0", "training.lr is 0.0, but should be a number above 0."),
    ("training.lr=.inf", "training.lr is inf, but should be a number above 0."),
    (
      "training.weight_decay=-1",
      "training.weight_decay is -1.0, but should be a number of 0 or more."
    ),
    (
      "training.betas=[1, 0.9]",
      "training.betas is [1.0, 0.9], but should be two numbers of 0 or more and below 1."
    ),
    ("training.epsilon=0", "training.epsilon is 0.0, but should be a number above 0."),
    (
      "training.plateau_patience=0",
      "training.plateau_patience is 0, but should be a whole number of 1 or more."
    ),
    (
      "training.plateau_factor=2",
      "training.plateau_factor is 2.0, but should be a number above 0, at most 1."
    ),
    ("training.lr_floor=-1", "training.lr_floor is -1.0, but should be a number of 0 or more."),
    (
      "training.stop_patience=-1",
      "training.stop_patience is -1, but should be a whole number of 0 or more."
    ),
    ("training.clip_norm=-1", "training.clip_norm is -1.0, but should be a number of 0 or more."),
    (
      "training.fc_coefficient=-1",
      "training.fc_coefficient is -1.0, but should be a number of 0 or more."
    ),
    (
      "training.vq_coefficient=.nan",
      "training.vq_coefficient is nan, but should be a number of 0 or more."
    ),
    (
      "training.checkpoint_steps=-1",
      "training.checkpoint_steps is -1, but should be a whole number of 0 or more."
    ),
    ("training.threads=-1", "training.threads is -1, but should be a whole number of 0 or more."),
    (
      "training.loader_threads=0",
      "training.loader_threads is 0, but should be a whole number of 1 or more."
    ),
    ("model.levels=[]", "model.levels is [], but should be a list of at least one level."),
    (
      "model.levels=[{stages: [[1]]}]",
      "model.levels[0].stages is [[1]], but should be lists of six numbers: expansion, kernel,"
        + " stride, inputs, outputs, blocks."
    ),
    ("model.commitment=-1", "model.commitment is -1.0, but should be a number of 0 or more."),
    (
      "model.decoder.hidden_width=-1",
      "model.decoder.hidden_width is -1, but should be a whole number of 0 or more."
    ),
    (
      "training.lr", "--set is 'training.lr', but should be KEY=VALUE, such as training.lr=1e-4."
    ),
    (
      "training.l_r=1",
      "--set training.l_r=1: unknown key 'training.l_r'; did you mean 'lr'?"
    ),
    (
      "training.lr=x", "--set training.lr=x: 'training.lr' should be a number, but is 'x'."
    ),
  ])
  func impossibleValuesAreRefused(assignment: String, expected: String) {
    let error = #expect(throws: TrainingError.self) {
      try preset.replacing(assignment: assignment).validate()
    }
    #expect(error?.description == expected)
    #expect(error?.kind == .usage)
  }

  @Test func optionsAreReadByTheirSettings() throws {
    let configuration = try preset.replacing("data.channels", with: "pro,nuc", option: "--channels")
      .replacing("data.label", with: "null", option: "--label")
      .replacing("data.split", with: "a: [b # c", option: "--split")
      .replacing("training.lr", with: "1e-05", option: "--lr")
      .replacing("training.precision", with: "bfloat16", option: "--precision")
      .replacing("training.seed", with: "\(UInt64.max)", option: "--seed")
    #expect(configuration.training.seed == .max)
    #expect(configuration.data.channels == ["pro", "nuc"])
    #expect(configuration.data.label == "null")
    #expect(configuration.data.split == "a: [b # c")
    #expect(configuration.training.rate == 1e-5)
    #expect(configuration.training.precision == .bfloat16)
    let mistyped = #expect(throws: TrainingError.self) {
      try preset.replacing("training.epochs", with: "many", option: "--epochs")
    }
    #expect(
      mistyped?.description
        == "--epochs: 'training.epochs' should be a whole number, but is 'many'.")
    let outside = #expect(throws: TrainingError.self) {
      try Setting.require(0, fits: "training.batch_size", option: "--batch-size")
    }
    #expect(
      outside?.description == "--batch-size is 0, but should be a whole number of 1 or more.")
    try Setting.require(1, fits: "training.batch_size", option: "--batch-size")
  }

  @Test func whatIsTooLongForAConfigurationIsNotRead() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "mine.yaml")
    let comment = "#" + String(repeating: "x", count: 1 << 20)
    try Data(comment.utf8).write(to: file)
    let expected =
      " is longer than the 1048576 bytes that a configuration can have. Give the path of a YAML"
      + " file with settings."
    let unread = #expect(throws: TrainingError.self) { try TrainingConfiguration.text(of: file) }
    #expect(unread?.description == file.path + expected)
    #expect(unread?.kind == .usage)
    #expect(message(comment) == "mine.yaml" + expected)
    try Data(comment.dropLast().utf8).write(to: file)
    #expect(try TrainingConfiguration.text(of: file).count == 1 << 20)
  }

  @Test func unknownPresetNamesThePresets() {
    let error = #expect(throws: TrainingError.self) { try Preset.named("tiny") }
    #expect(
      error?.description
        == "There is no preset 'tiny'. Choose one of: standard, readme, author, published, small.")
  }

  @Test func resumedRunMustKeepItsSettings() throws {
    var longer = preset
    longer.training.epochs += 10
    longer.training.threads = 1
    longer.data.path = "moved"
    try longer.requireContinuation(of: preset)
    let other = try preset.replacing(assignment: "training.batch_size=7")
    let error = #expect(throws: TrainingError.self) { try other.requireContinuation(of: preset) }
    #expect(
      error?.description == "training.batch_size was 32 when the run began and is now 7; a resumed"
        + " run must keep it. Leave the option out, or start a new run with another --out.")
  }
}
