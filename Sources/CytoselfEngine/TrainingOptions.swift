import ArgumentParser
import CytoselfCommands
import CytoselfModel
import CytoselfTraining
import Foundation

/// The options that change settings of a run.
struct TrainingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Settings to start from: \(Preset.allCases.map(\.rawValue).joined(separator: ", ")).",
      discussion: "The default is standard, or what --config names.", valueName: "name"))
  var preset: String?

  @Option(help: ArgumentHelp("A YAML file with settings.", valueName: "file"))
  var config: String?

  @Option(
    setting: "training.init",
    discussion: """
      The model is theirs, unless --preset, --config or a --set model.KEY says one. Classifiers \
      start anew where the classes are others.
      """, valueName: "weights")
  var `init`: String?

  @Option(
    setting: "training.freeze", discussion: "Separated by commas, as encoder,codebook1.",
    valueName: "parts")
  var freeze: String?

  @Option(setting: "training.epochs") var epochs: String?

  @Option(setting: "training.batch_size") var batchSize: String?

  @Option(setting: "training.lr") var lr: String?

  @Option(setting: "training.seed") var seed: String?

  @Option(
    setting: "data.channels", discussion: "Separated by commas, as pro,nuc.", valueName: "list")
  var channels: String?

  @Option(setting: "data.label", valueName: "column") var label: String?

  @Option(setting: "data.labels_table", valueName: "file") var labels: String?

  @Option(setting: "data.split", valueName: "rule") var split: String?

  @Option(setting: "training.threads") var threads: String?

  @Option(setting: "training.device") var device: String?

  @Option(setting: "training.precision", valueName: "format") var precision: String?

  /// The settings that options give, with their texts.
  private var given: [(path: String, text: String?)] {
    [
      ("training.init", `init`), ("training.freeze", freeze), ("training.epochs", epochs),
      ("training.batch_size", batchSize), ("training.lr", lr), ("training.seed", seed),
      ("data.channels", channels), ("data.label", label), ("data.labels_table", labels),
      ("data.split", split), ("training.threads", threads), ("training.device", device),
      ("training.precision", precision),
    ]
  }

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Any setting, as training.clip_norm=1.", valueName: "key=value"))
  var settings: [String] = []

  @OptionGroup var kernels: KernelOptions

  /// Preset, then file, then options; on top of `base` where a run is resumed.
  ///
  /// - Throws: ``TrainingError`` that names what is wrong as the user gave it.
  func configuration(
    data: String?, base: TrainingConfiguration?
  ) throws -> TrainingConfiguration {
    let text = try config.map { try TrainingConfiguration.text(of: URL(filePath: $0)) }
    var resolved: TrainingConfiguration
    if let base, preset == nil {
      resolved = base
    } else {
      var name = preset
      if name == nil, let text, let config {
        name = try TrainingConfiguration.presetName(yaml: text, name: config)
      }
      resolved = try Preset.named(name ?? Preset.standard.rawValue).configuration
    }
    if let text, let config { resolved = try resolved.replacing(yaml: text, name: config) }
    for setting in settings { resolved = try resolved.replacing(assignment: setting) }
    let isModelChosen =
      preset != nil || config != nil || settings.contains { $0.hasPrefix("model.") }
    if let weights = `init`, base == nil, !isModelChosen, let model = try Self.model(of: weights) {
      resolved.model = model
    }
    var names: [String: String] = [:]
    for (path, text) in given {
      guard let text, let option = Setting.named(path)?.option else { continue }
      names[path] = "--" + option
      resolved = try resolved.replacing(path, with: text, option: "--" + option)
    }
    if let data { resolved.data.path = data }
    try resolved.validate(naming: names)
    return resolved
  }

  /// The model of weights, where the settings of a run can say it.
  private static func model(of weights: String) throws -> ModelSection? {
    ModelSection(try ModelSource(URL(filePath: weights)).likelyModel)
  }

  /// The configuration that a run was made with.
  static func configuration(of run: RunDirectory) throws -> TrainingConfiguration {
    guard let text = try? String(contentsOf: run.configuration, encoding: .utf8) else {
      throw TrainingError.nothingToResume(run.url.path)
    }
    let path = run.configuration.path
    let name = try TrainingConfiguration.presetName(yaml: text, name: path)
    return try Preset.named(name ?? Preset.readme.rawValue).configuration
      .replacing(yaml: text, name: path)
  }
}

extension Option where Value == String? {
  /// An option that sets a setting: its name and help are those of the setting's description.
  ///
  /// - Parameters:
  ///   - path: the setting, which must have an option, such as `training.lr`.
  ///   - discussion: more help, about the option alone.
  ///   - valueName: what stands for the value; nil takes the option's name.
  init(setting path: String, discussion: String = "", valueName: String? = nil) {
    guard let setting = Setting.named(path), let option = setting.option else {
      preconditionFailure("\(path) is no setting with an option.")
    }
    self.init(
      name: .customLong(option),
      help: ArgumentHelp(
        "\(setting.help)", discussion: discussion, valueName: valueName ?? option))
  }
}
