import CytoselfCommands
import CytoselfModel
import CytoselfTraining
import Foundation

extension TrainingOptions {
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
