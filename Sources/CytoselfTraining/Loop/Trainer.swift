import CellData
public import CytoselfModel
import Foundation
public import JobControl
public import Torch
import TorchNN

/// A run in progress: trains a model on its cells, epoch after epoch, and saves as it proceeds.
///
/// A trainer is the one owner of its run's folder, from ``start(_:run:resumes:command:interruption:say:)``
/// until it is released. Everything that decides the next step is in ``TrainingState``, the weights, the
/// optimiser's moments and the generator; there is no global state. All calls must come from one thread,
/// because libtorch's grad mode belongs to the thread (see `DedicatedThread` of `JobControl`).
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
  /// Where the model runs.
  public let device: Device

  let description: ModelDescription
  /// That of the configuration, or float32 where that is faster.
  let precision: Precision
  let optimizer: Adam
  /// The running mean of the weights; nil where none is kept.
  let average: WeightAverage?
  /// The cells of an epoch in batches.
  let loader: BatchLoader
  /// The passes over the training cells.
  let epochs: Int
  /// The learning rate where it depends on the step alone.
  let cosine: CosineSchedule?
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

  /// Starts a run, or continues it from its newest checkpoint: locks its folder, checks everything, and
  /// only then writes.
  ///
  /// A run that cannot start leaves its folder as it was, and no folder where there was none.
  ///
  /// - Parameters:
  ///   - configuration: the settings.
  ///   - run: the run's folder, which need not exist.
  ///   - resumes: whether to continue from the newest checkpoint.
  ///   - command: the words of the command line, for `run.json`.
  ///   - interruption: requests that the run save and stop.
  ///   - say: takes one line of text for the user.
  /// - Throws: ``TrainingError``, `TorchError` and what reading data, weights and checkpoints throws.
  public static func start(
    _ configuration: TrainingConfiguration, run: RunDirectory, resumes: Bool = false,
    command: [String] = CommandLine.arguments, interruption: Interruption = Interruption(),
    say: @escaping (String) -> Void = { _ in }
  ) throws -> Trainer {
    try configuration.validate()
    if resumes, !run.exists { throw TrainingError.nothingToResume(run.url.path) }
    let lock = try run.lock()
    let checked: CheckedRun
    do {
      checked = try CheckedRun(configuration, run: run, resumes: resumes)
    } catch {
      lock.abandon()
      throw error
    }
    for note in checked.notes { say(note) }
    try run.makeFolders()
    try checked.record(resumes: resumes, command: command)
    let checkpoints = CheckpointFolder(run.checkpoints)
    checkpoints.removeRemains()
    // A save that failed behind its checkpoint has left older ones.
    try checkpoints.prune(keeping: checked.state.bestCheckpoint)
    let trainer = Trainer(
      checked, lock: lock,
      metricsLog: try MetricsLog(run.metrics, keepingBytes: checked.state.metricsBytes),
      events: try EventFile(folder: run.tensorboard, step: checked.state.step),
      interruption: interruption, say: say)
    // From here on there is something to resume, whenever the process ends.
    if !resumes { try trainer.saveCheckpoint() }
    return trainer
  }

  private init(
    _ checked: CheckedRun, lock: RunLock, metricsLog: MetricsLog, events: EventFile,
    interruption: Interruption, say: @escaping (String) -> Void
  ) {
    configuration = checked.configuration
    data = checked.data
    run = checked.run
    state = checked.state
    model = checked.model
    device = checked.device
    description = checked.description
    precision = checked.precision
    optimizer = checked.optimizer
    average = checked.average
    let training = checked.configuration.training
    loader = BatchLoader(
      checked.data.set, rows: checked.data.split.train, labels: checked.data.book,
      options: .init(
        batchSize: training.batchSize, shuffles: true,
        cellsPerClass: training.sampling == .balanced ? training.cellsPerClass : nil,
        augmentation: training.augment ? .random : .none,
        distortion: CropDistortion(strength: training.distortion), seed: training.seed,
        threads: training.loaderThreads))
    epochs = training.plannedEpochs(batches: loader.batchesPerEpoch)
    cosine =
      training.schedule == .cosine
      ? CosineSchedule(
        rate: training.rate,
        steps: epochs * training.stepsPerEpoch(batches: loader.batchesPerEpoch),
        warmUp: training.warmUp, floor: training.rateFloor) : nil
    generator = checked.generator
    checkpoints = CheckpointFolder(checked.run.checkpoints)
    self.metricsLog = metricsLog
    self.events = events
    self.interruption = interruption
    self.say = say
    self.lock = lock
  }

  /// Trains to the end: all epochs or no more patience, then the test cells with the best weights.
  ///
  /// - Throws: ``TrainingError/interrupted(checkpoint:epoch:step:)`` after everything is saved,
  ///   ``TrainingError/lossNotFinite(part:value:epoch:step:cells:)``, and what reading crops,
  ///   computing and writing throw.
  public func train() throws -> Outcome {
    while state.epoch <= epochs, !state.earlyStop.shouldStop {
      try trainEpoch()
      try average?.exchange()
      let validation = try evaluate(.validation, label: "validate \(state.epoch)")
      try endEpoch(validation)
    }
    let stoppedEarly = state.epoch <= epochs
    if stoppedEarly {
      say("No lower validation loss in \(state.earlyStop.epochsWithoutImprovement) epochs: done.")
    }
    try loadBestWeights()
    var history = state.history
    if !data.split.test.isEmpty, let last = history.rows.indices.last {
      let test = try evaluate(.test, label: "test")
      history.rows[last].test = test
      try history.write(to: run.history)
      try events.add(test.columns.map { ("test/\($0.name)", $0.value) }, step: state.step)
    }
    try events.synchronize()
    return Outcome(history: history, best: state.earlyStop.best, stoppedEarly: stoppedEarly)
  }

  /// The learning rate of the next step.
  var rate: Double { cosine?.rate(step: state.step) ?? state.schedule.rate }

  /// Saves and leaves the run, if somebody requested it.
  func stopIfRequested() throws {
    guard interruption.isRequested else { return }
    let saved = try saveCheckpoint()
    throw TrainingError.interrupted(checkpoint: saved.path, epoch: state.epoch, step: state.step)
  }
}
