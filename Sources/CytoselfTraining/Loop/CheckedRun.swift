import CellData
import CytoselfModel
import Foundation
import Numerics
import Torch
import TorchNN

/// What a run is made of, found sound before anything is written.
///
/// Settings, device, data, model and the weights or the checkpoint that it starts from: whatever can be
/// wrong with them is an error of the initialiser, which only reads.
struct CheckedRun {
  let configuration: TrainingConfiguration
  let run: RunDirectory
  let data: TrainingData
  let device: Device
  /// That of the configuration, or float32 where that is faster.
  let precision: Precision
  /// The model with the weights it starts from.
  let model: CytoselfModel
  let optimizer: Adam
  /// The running mean of the weights; nil where none is kept.
  let average: WeightAverage?
  let generator: Generator
  let description: ModelDescription
  let state: TrainingState
  /// The weight file it starts from; nil for weights that are drawn and for a resumed run.
  let initialWeights: URL?
  /// What was decided, in sentences for the user.
  let notes: [String]

  /// Reads and checks everything.
  ///
  /// - Parameters:
  ///   - configuration: the settings.
  ///   - run: the run's folder, locked.
  ///   - resumes: whether to continue from the newest checkpoint.
  /// - Throws: ``TrainingError``, `TorchError` and what reading data, weights and checkpoints throws.
  init(_ configuration: TrainingConfiguration, run: RunDirectory, resumes: Bool) throws {
    self.configuration = configuration
    self.run = run
    let training = configuration.training
    let newest = CheckpointFolder(run.checkpoints).newest
    if resumes, newest == nil { throw TrainingError.nothingToResume(run.url.path) }
    if !resumes, newest != nil { throw TrainingError.runExists(run.url.path) }
    device = try Device(training.device)
    if device != .cpu { Runtime.useDeterministicConvolutions() }
    try Runtime.setThreads(
      training.threads == 0 ? ProcessInfo.processInfo.activeProcessorCount : training.threads)
    precision = training.precision.isFast(on: device) ? training.precision : .float32

    let data = try TrainingData(
      configuration, needsClasses: configuration.model.variant.hasHead,
      savedSplit: resumes ? run.split : nil)
    let shape = try configuration.model.configuration(
      crop: data.set.cropShape, classes: data.book?.classes.count ?? 0)
    let initial = resumes ? nil : try InitialWeights(training, data: data, model: shape)
    self.data = data
    initialWeights = initial?.url
    var notes = data.notes
    if let note = initial?.note { notes.append(note) }
    notes.append(
      "\(data.set.count.counted("cell")) (\(data.split.train.count) train, \(data.split.validation.count) val,"
        + " \(data.split.test.count) test), \((data.book?.classes.count ?? 0).counted("class", "classes")),"
        + " \(data.set.channelNames.count == 1 ? "channel" : "channels")"
        + " \(data.set.channelNames.joined(separator: " + ")), levels of "
        + shape.levelSizes.map { "\($0) x \($0)" }.joined(separator: " and "))
    if precision != training.precision {
      notes.append(
        "Training in float32, which is faster on a processor than \(training.precision.rawValue).")
    }

    generator = try Generator(seed: training.seed)
    model = try CytoselfModel(shape, generator: generator)
    try model.move(to: device)
    try model.freeze(training.frozenParts(of: shape))
    optimizer = try Adam(model.trainableParameters, options: training.adamOptions)
    description = ModelDescription(model: shape, data: data, section: configuration.data)
    if let newest {
      let checkpoint = try Checkpoint(newest)
      if let difference = checkpoint.description.difference(to: description) {
        throw TrainingError.dataChanged(difference)
      }
      try model.stateDictionary.copy(from: checkpoint.model)
      try optimizer.stateDictionary.copy(from: checkpoint.optimizer)
      try generator.restore([UInt8](checkpoint.state.generator))
      var state = checkpoint.state
      state.earlyStop.patience = training.stopPatience
      self.state = state
      average =
        training.average > 0
        ? try WeightAverage(model.stateDictionary, steps: state.step) : nil
      if let average {
        guard let mean = checkpoint.average else {
          throw TrainingError.damaged(
            path: newest.path, reason: "average.safetensors, the mean of the weights, is not there")
        }
        try average.mean.copy(from: mean)
      }
      notes.append(
        "Resuming from \(newest.lastPathComponent): epoch \(state.epoch), step \(state.step).")
    } else {
      try initial?.copy(to: model)
      state = TrainingState(training)
      average =
        training.average > 0 ? try WeightAverage(model.stateDictionary) : nil
    }
    self.notes = notes
  }
}
