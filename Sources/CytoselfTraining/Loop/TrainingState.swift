public import Foundation

/// Where a run stands, beside its tensors: what a checkpoint needs to continue exactly.
public struct TrainingState: Codable, Equatable, Sendable {
  /// The epoch in progress, counted from 1.
  public internal(set) var epoch = 1
  /// Finished batches of the epoch.
  public internal(set) var batch = 0
  /// Finished optimiser steps of the run.
  public internal(set) var step = 0
  /// Seconds spent in the epoch so far.
  public internal(set) var seconds = 0.0
  /// The means of the epoch so far.
  var means = MeasureMean()
  /// The learning rate and what it waits for.
  public internal(set) var schedule: PlateauSchedule
  /// The best loss and how long ago it was.
  public internal(set) var earlyStop: EarlyStop
  /// The finished epochs.
  public internal(set) var history: History
  /// What the user has been warned of.
  var warnings: Set<LearningWarning> = []
  /// The length of `metrics.jsonl` in bytes.
  public internal(set) var metricsBytes = 0
  /// The name of the checkpoint made right after the best epoch.
  public internal(set) var bestCheckpoint: String?
  /// The state of the random number generator of dropout and stochastic depth.
  public internal(set) var generator = Data()

  /// The state before the first step.
  public init(_ training: TrainingSection) {
    schedule = PlateauSchedule(
      rate: training.rate, patience: training.plateauPatience, factor: training.plateauFactor,
      floor: training.rateFloor)
    history = History(monitor: training.monitor)
    earlyStop = EarlyStop(patience: training.stopPatience)
  }

  /// Whether the numbers are those of a run, as a file may say anything.
  var isSound: Bool {
    epoch >= 1 && batch >= 0 && step >= 0 && metricsBytes >= 0 && seconds >= 0
      && (batch == 0 || means.isStarted) && schedule.rate > 0
  }

  /// The name of the checkpoint folder of this state, in the order of time.
  public var checkpointName: String {
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = "\(number)"
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "epoch-\(padded(epoch, 4))-step-\(padded(step, 8))"
  }
}
