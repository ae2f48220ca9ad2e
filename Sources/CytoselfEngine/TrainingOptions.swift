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
      discussion: "The default is readme, or what --config names.", valueName: "name"))
  var preset: String?

  @Option(help: ArgumentHelp("A YAML file with settings.", valueName: "file"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "Start from weights: a run folder, a checkpoint folder or a weight file.",
      discussion: """
        The model is theirs, unless --preset, --config or a --set model.KEY says one. Classifiers \
        start anew where the classes are others.
        """, valueName: "weights"))
  var `init`: String?

  @Option(
    help: ArgumentHelp(
      "Parts that keep the weights of --init: encoder, codebooks, decoder, heads, also of one level.",
      discussion: "Separated by commas, as encoder,codebook1.", valueName: "parts"))
  var freeze: String?

  @Option(help: "Passes over the training cells, at most.")
  var epochs: Int?

  @Option(help: "Cells per batch.")
  var batchSize: Int?

  @Option(help: "The learning rate at the start.")
  var lr: Double?

  @Option(help: "Sets first weights, data order, augmentation and dropout.")
  var seed: UInt64?

  @Option(help: ArgumentHelp("Channels by name or number, as pro,nuc.", valueName: "list"))
  var channels: String?

  @Option(help: ArgumentHelp("The label column by name or number.", valueName: "column"))
  var label: String?

  @Option(help: ArgumentHelp("The label table of a bare array.", valueName: "file"))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "field, cell, or a column that says train, val or test.", valueName: "rule"))
  var split: String?

  @Option(help: "Threads of one tensor operation; 0 uses all cores.")
  var threads: Int?

  @Option(help: "cpu, cuda, cuda:N or mps.")
  var device: String?

  @Option(
    help: ArgumentHelp(
      "What products are computed in: float32, or bfloat16 where that is faster.",
      valueName: "format"))
  var precision: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Any setting, as training.clip_norm=1.", valueName: "key=value"))
  var settings: [String] = []

  @OptionGroup var kernels: KernelOptions

  /// Preset, then file, then options; on top of `base` where a run is resumed.
  func configuration(
    data: String?, base: TrainingConfiguration?
  ) throws -> TrainingConfiguration {
    var text: String?
    if let config {
      do {
        text = try String(contentsOf: URL(filePath: config), encoding: .utf8)
      } catch CocoaError.fileReadNoSuchFile {
        throw TrainingError.missing(path: config, hint: "Give the path of a YAML file.")
      } catch {
        throw TrainingError.malformedConfiguration(
          in: config, line: 0, reason: "it cannot be read as text")
      }
    }
    var resolved: TrainingConfiguration
    if let base, preset == nil {
      resolved = base
    } else {
      var name = preset
      if name == nil, let text, let config {
        name = try TrainingConfiguration.presetName(yaml: text, name: config)
      }
      resolved = try Preset.named(name ?? Preset.readme.rawValue).configuration
    }
    if let text, let config { resolved = try resolved.replacing(yaml: text, name: config) }
    for setting in settings { resolved = try resolved.replacing(assignment: setting) }
    if let weights = `init` {
      resolved.training.initial = weights
      let isModelChosen =
        preset != nil || config != nil || settings.contains { $0.hasPrefix("model.") }
      if base == nil, !isModelChosen, let model = try Self.model(of: weights) {
        resolved.model = model
      }
    }
    if let freeze {
      resolved.training.freeze = freeze.split(separator: ",").map(String.init)
    }
    apply(data, to: &resolved.data)
    if let epochs { resolved.training.epochs = epochs }
    if let batchSize { resolved.training.batchSize = batchSize }
    if let lr { resolved.training.rate = lr }
    if let seed { resolved.training.seed = seed }
    if let threads { resolved.training.threads = threads }
    if let device { resolved.training.device = device }
    if let precision {
      resolved = try resolved.replacing(assignment: "training.precision=\(precision)")
    }
    return resolved
  }

  /// The model of weights, where the settings of a run can say it.
  private static func model(of weights: String) throws -> ModelSection? {
    ModelSection(try ModelSource(URL(filePath: weights)).likelyModel)
  }

  private func apply(_ path: String?, to data: inout DataSection) {
    if let path { data.path = path }
    if let channels { data.channels = channels.split(separator: ",").map(String.init) }
    if let label { data.label = label }
    if let labels { data.labelsTable = labels }
    if let split { data.split = split }
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
