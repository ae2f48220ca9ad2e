import CellData
import CytoselfModel
import Foundation
import JobControl
import Torch
import TorchNN
import Numerics

extension Trainer {
  /// The means over a part of the split: nothing is augmented, shuffled or learnt.
  func evaluate(_ part: Split.Part, label: String) throws -> Measures {
    let start = DispatchTime.now().uptimeNanoseconds
    let loader = BatchLoader(
      data.set, rows: data.split[part], labels: data.book,
      options: .init(
        batchSize: configuration.training.batchSize, seed: configuration.training.seed,
        threads: configuration.training.loaderThreads))
    let stream = loader.batches(epoch: 0)
    defer { stream.cancel() }
    let progress = ProgressLine(label, total: loader.rows.count)
    defer { progress.finish() }
    var mean = MeasureMean()
    try withoutGradients {
      while let batch = try stream.next() {
        let (_, measures, codes) = try measure(batch, .evaluation)
        mean.add(measures, codes: codes, count: batch.count)
        progress.advance(by: batch.count)
        try stopIfRequested()
      }
    }
    state.seconds += Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    return mean.value.monitored(as: configuration.training)
  }

  /// Records an epoch, keeps its weights if they are the best, and moves on to the next.
  func endEpoch(_ validation: Measures) throws {
    let training = configuration.training
    let row = History.Row(
      epoch: state.epoch, train: state.means.value.monitored(as: training), validation: validation,
      rate: cosine?.rate(step: state.step - 1) ?? state.schedule.rate, seconds: state.seconds)
    state.history.rows.append(row)
    let loss = validation.value(of: training.monitor)
    let isBest = isBest(loss)
    let isReduced = cosine == nil && state.schedule.record(improved: isBest)
    if isBest { try saveBestWeights(loss) }
    if average?.isExchanged == true { try average?.exchange() }
    try state.history.write(to: run.history)
    try events.add(
      row.train.columns.map { ("train/\($0.name)", $0.value) }
        + row.validation.columns.map { ("val/\($0.name)", $0.value) } + [("lr", row.rate)],
      step: state.step)
    try events.synchronize()

    let perplexities = validation.perplexities.map(\.shortText).joined(separator: " ")
    say(
      "epoch \(state.epoch)/\(epochs)"
        + "  train \(row.train.losses.total.shortText)"
        + "  val \(validation.losses.total.shortText)"
        + (training.monitor == .taskLoss
          ? "  \(training.monitor.rawValue) \(loss.shortText)" : "")
        + (isBest && training.monitor != .last ? " (best)" : "")
        + (perplexities.isEmpty ? "" : "  perplexity \(perplexities)")
        + "  lr \(row.rate.shortText)"
        + (isReduced ? " -> \(state.schedule.rate.shortText)" : "")
        + "  \(ProgressLine.duration(row.seconds))")
    warn()

    state.epoch += 1
    state.batch = 0
    state.means = MeasureMean()
    state.seconds = 0
    if isBest { state.bestCheckpoint = state.checkpointName }
    try saveCheckpoint()
    try stopIfRequested()
  }

  /// Says what the history tells of a run that does not learn, each thing once in a run.
  private func warn() {
    let found = LearningWarning.found(
      in: state.history, classes: data.book?.classes.count,
      progress: Double(state.epoch) / Double(epochs))
    for (warning, text) in found where state.warnings.insert(warning).inserted { say(text) }
  }

  /// Takes note of the watched loss, and says whether these weights are to be kept.
  private func isBest(_ loss: Double) -> Bool {
    guard configuration.training.monitor == .last else {
      return state.earlyStop.record(loss: loss, epoch: state.epoch)
    }
    state.earlyStop.keep(loss: loss, epoch: state.epoch)
    return true
  }
}
