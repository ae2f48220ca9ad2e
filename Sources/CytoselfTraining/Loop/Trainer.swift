import CellData
public import CytoselfModel
import Foundation
public import JobControl
import Torch
import TorchNN

/// Trains a model on the cells of a run, epoch after epoch, and saves as it goes.
///
/// Everything that decides the next step is in ``TrainingState``, the weights, the optimiser's
/// moments and the generator; there is no global state. All calls must come from one thread, because
/// libtorch's grad mode belongs to the thread (see `DedicatedThread` of `JobControl`).
public final class Trainer {
  /// The settings.
  public let configuration: TrainingConfiguration
  /// The cells.
  public let data: TrainingData
  /// The run's folder.
  public let run: RunDirectory
  /// Where the run stands.
  public internal(set) var state: TrainingState
  /// The model; after a finished run it has the best weights.
  public let model: CytoselfModel

  let description: ModelDescription
  let device: Device
  /// That of the configuration, or float32 where that is faster.
  let precision: Precision
  let optimizer: Adam
  let generator: Generator
  let checkpoints: CheckpointFolder
  let metricsLog: MetricsLog
  let events: EventFile
  let interruption: Interruption
  let say: (String) -> Void
  private let lock: RunLock

  /// How a run ended.
  public struct Outcome: Sendable {
    /// The epochs, with the test pass in the last row.
    public let history: History
    /// The best validation loss.
    public let best: EarlyStop.Best?
    /// Whether the patience ran out before the epochs did.
    public let stoppedEarly: Bool
  }

  /// Prepares a run: a model with its first weights, or the state of the newest checkpoint.
  ///
  /// - Parameters:
  ///   - configuration: the settings, checked.
  ///   - data: the cells.
  ///   - run: the run's folder, made, with its `config.yaml` and `split.csv`.
  ///   - resumes: whether to go on from the newest checkpoint.
  ///   - initial: weights to start from, where they are not drawn; not read when the run goes on.
  ///   - interruption: asks the run to save and stop.
  ///   - say: takes one line of text for the user.
  /// - Throws: ``TrainingError``, `TorchError` and what reading a checkpoint throws.
  public init(
    _ configuration: TrainingConfiguration, data: TrainingData, run: RunDirectory, resumes: Bool,
    initial: InitialWeights? = nil, interruption: Interruption = Interruption(),
    say: @escaping (String) -> Void = { _ in }
  ) throws {
    let training = configuration.training
    self.configuration = configuration
    self.data = data
    self.run = run
    self.interruption = interruption
    self.say = say
    lock = try run.lock()
    checkpoints = CheckpointFolder(run.checkpoints)
    checkpoints.removeRemains()

    device = try Device(training.device)
    precision = training.precision.isFast(on: device) ? training.precision : .float32
    if precision != training.precision {
      say(
        "Training in float32, which is faster on a processor than \(training.precision.rawValue).")
    }
    let shape = try configuration.model.configuration(
      crop: data.set.cropShape, classes: data.book?.classes.count ?? 0)
    generator = try Generator(seed: training.seed)
    model = try CytoselfModel(shape, generator: generator)
    try model.move(to: device)
    try model.freeze(training.frozenParts(of: shape))
    optimizer = try Adam(model.trainableParameters, options: training.adamOptions)
    let description = ModelDescription(model: shape, data: data, section: configuration.data)
    self.description = description

    if resumes {
      guard let newest = checkpoints.newest else {
        throw TrainingError.nothingToResume(run.url.path)
      }
      let checkpoint = try Checkpoint(newest)
      if let difference = checkpoint.description.difference(to: description) {
        throw TrainingError.dataChanged(difference)
      }
      try model.stateDictionary.copy(from: checkpoint.model)
      try optimizer.stateDictionary.copy(from: checkpoint.optimizer)
      try generator.restore([UInt8](checkpoint.state.generator))
      state = checkpoint.state
      state.earlyStop.patience = training.stopPatience
      say(
        "Going on from \(newest.lastPathComponent): epoch \(state.epoch), step \(state.step).")
    } else {
      try initial?.copy(to: model)
      state = TrainingState(training)
    }
    metricsLog = try MetricsLog(run.metrics, keepingBytes: state.metricsBytes)
    events = try EventFile(folder: run.tensorboard, step: state.step)
    // From here on there is something to resume, whenever the process ends.
    if !resumes { try saveCheckpoint() }
  }

  /// Trains to the end: all epochs or no more patience, then the test cells with the best weights.
  ///
  /// - Throws: ``TrainingError/interrupted(checkpoint:epoch:step:)`` after everything is saved,
  ///   ``TrainingError/lossNotFinite(part:value:epoch:step:cells:)``, and what reading crops,
  ///   computing and writing throw.
  public func train() throws -> Outcome {
    while state.epoch <= configuration.training.epochs, !state.earlyStop.shouldStop {
      try trainEpoch()
      let validation = try evaluate(.validation, label: "validate \(state.epoch)")
      try endEpoch(validation)
    }
    let stoppedEarly = state.epoch <= configuration.training.epochs
    if stoppedEarly {
      say("No lower validation loss in \(state.earlyStop.epochsWithoutImprovement) epochs: done.")
    }
    try loadBestWeights()
    var history = state.history
    if !data.split.test.isEmpty, let last = history.rows.indices.last {
      history.rows[last].test = withMonitored(try evaluate(.test, label: "test"))
      try history.write(to: run.history)
      try events.add(
        history.rows[last].test.map { ("test/\($0.name)", $0.value) }, step: state.step)
    }
    try events.synchronize()
    return Outcome(history: history, best: state.earlyStop.best, stoppedEarly: stoppedEarly)
  }

  /// Saves and leaves the run, if somebody asked to.
  func stopIfRequested() throws {
    guard interruption.isRequested else { return }
    let saved = try saveCheckpoint()
    throw TrainingError.interrupted(checkpoint: saved.path, epoch: state.epoch, step: state.step)
  }
}

extension TrainingSection {
  /// The optimiser's constants at the start.
  var adamOptions: Adam.Options {
    var options: Adam.Options =
      switch optimizer {
      case .adamW: .adamW(learningRate: rate, weightDecay: weightDecay)
      case .adam: .adam(learningRate: rate, weightDecay: weightDecay)
      }
    options.beta1 = betas[0]
    options.beta2 = betas[1]
    options.epsilon = epsilon
    return options
  }
}
