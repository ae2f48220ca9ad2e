import CellData
import Foundation
import JobControl
import Torch
import TorchNN

extension Trainer {
  /// The mean losses over a part of the split: nothing is augmented, shuffled or learnt.
  func evaluate(_ part: Split.Part, label: String) throws -> [History.Metric] {
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
    var means = MetricMeans()
    try withoutGradients {
      while let batch = try stream.next() {
        let metrics = try numbers(losses(batch, .evaluation))
        try requireFinite(metrics, batch)
        means.add(metrics, count: batch.count)
        progress.advance(by: batch.count)
        try stopIfRequested()
      }
    }
    state.seconds += Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    return means.metrics
  }

  /// Records an epoch, keeps its weights if they are the best, and moves on to the next.
  func endEpoch(_ validation: [History.Metric]) throws {
    let training = configuration.training
    let validation = withMonitored(validation)
    let row = History.Row(
      epoch: state.epoch, train: withMonitored(state.means.metrics), validation: validation,
      rate: state.schedule.rate, seconds: state.seconds)
    state.history.rows.append(row)
    let name = training.monitor.rawValue
    let loss = validation.first { $0.name == name }?.value ?? .nan
    let isBest = state.earlyStop.record(loss: loss, epoch: state.epoch)
    let isReduced = state.schedule.record(improved: isBest)
    if isBest { try saveBestWeights(loss) }
    try state.history.write(to: run.history)
    try events.add(
      row.train.map { ("train/\($0.name)", $0.value) }
        + row.validation.map { ("val/\($0.name)", $0.value) } + [("lr", row.rate)],
      step: state.step)
    try events.synchronize()

    let perplexities = row.validation.filter { $0.name.hasPrefix("perplexity") }
      .map { ProgressLine.short($0.value) }.joined(separator: " ")
    say(
      "epoch \(state.epoch)/\(training.epochs)"
        + "  train \(ProgressLine.short(row.train.first?.value ?? .nan))"
        + "  val \(ProgressLine.short(validation.first?.value ?? .nan))"
        + (training.monitor == .loss ? "" : "  \(name) \(ProgressLine.short(loss))")
        + (isBest ? " (best)" : "")
        + (perplexities.isEmpty ? "" : "  perplexity \(perplexities)")
        + "  lr \(ProgressLine.short(row.rate))"
        + (isReduced ? " -> \(ProgressLine.short(state.schedule.rate))" : "")
        + "  \(ProgressLine.duration(row.seconds))")

    state.epoch += 1
    state.batch = 0
    state.means = MetricMeans()
    state.seconds = 0
    if isBest { state.bestCheckpoint = state.checkpointName }
    try saveCheckpoint()
    try stopIfRequested()
  }

  /// The means of a phase with the watched loss after the total, where it is another.
  func withMonitored(_ metrics: [History.Metric]) -> [History.Metric] {
    guard configuration.training.monitor == .taskLoss, let total = metrics.first else {
      return metrics
    }
    // `vq_loss` of one-level models, `vq1_loss` and `vq2_loss` of the others.
    let quantization = metrics.filter { $0.name.filter { !$0.isNumber } == "vq_loss" }
      .reduce(0) { $0 + $1.value }
    let task = History.Metric(
      name: TrainingSection.Monitor.taskLoss.rawValue,
      value: total.value - configuration.training.vqCoefficient * quantization)
    return [total, task] + metrics.dropFirst()
  }
}
