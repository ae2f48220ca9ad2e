import CellData
import CytoselfModel
import Foundation
import JobControl
import Torch
import TorchNN
import Numerics

extension Trainer {
  /// Trains through what is left of the epoch in progress.
  func trainEpoch() throws {
    let training = configuration.training
    let stream = loader.batches(epoch: state.epoch - 1, from: state.batch)
    defer { stream.cancel() }
    let progress = ProgressLine(
      "epoch \(state.epoch)/\(epochs)", total: loader.cellsPerEpoch,
      done: min(state.batch * training.batchSize, loader.cellsPerEpoch))
    defer { progress.finish() }
    while state.batch < loader.batchesPerEpoch {
      let start = DispatchTime.now().uptimeNanoseconds
      var group: [Batch] = []
      while group.count < training.accumulation, let batch = try stream.next() {
        group.append(batch)
      }
      let (measures, others) = try step(group)
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      state.seconds += seconds
      try metricsLog.add(
        step: state.step, epoch: state.epoch, metrics: measures.columns + others, seconds: seconds)
      progress.advance(
        by: group.reduce(0) { $0 + $1.count },
        note: "loss \(measures.losses.total.shortText)")
      let isEpochEnd = state.batch == loader.batchesPerEpoch
      if !isEpochEnd, training.checkpointSteps > 0, state.step % training.checkpointSteps == 0 {
        try saveCheckpoint()
      }
      try stopIfRequested()
    }
  }

  /// One optimiser step on the summed gradients of a group of batches.
  ///
  /// - Returns: the means over the cells of the group, and beside them the norm of the gradient before
  ///   clipping and the learning rate.
  func step(_ group: [Batch]) throws -> (Measures, [History.Metric]) {
    let training = configuration.training
    let cells = group.reduce(0) { $0 + $1.count }
    var mean = MeasureMean()
    let rate = rate
    optimizer.options.learningRate = rate
    try optimizer.forgetGradients()
    for batch in group {
      let (losses, measures, codes) = try measure(batch, .training(generator))
      // The gradient of the mean over all cells of the group.
      let share = Double(batch.count) / Double(cells)
      try (share == 1 ? losses.total : losses.total * share).backward()
      mean.add(measures, codes: [], count: batch.count)
      state.means.add(measures, codes: codes, count: batch.count)
    }
    let norm =
      training.clipNorm > 0
      ? try optimizer.clipGradientNorm(to: training.clipNorm) : try optimizer.gradientNorm()
    let extra = [
      History.Metric(name: "gradient_norm", value: norm),
      History.Metric(name: "lr", value: rate),
    ]
    try requireFinite(extra, group[0])
    try optimizer.step()
    try average?.update(decay: training.average)
    state.step += 1
    state.batch += group.count
    return (mean.value, extra)
  }

  /// The losses of one batch, for the backward pass and as finite numbers, and how often each code of
  /// each level occurs in it.
  func measure(
    _ batch: Batch, _ context: ForwardContext
  ) throws -> (losses: ModelLosses<Tensor>, measures: Measures, codes: [[Double]]) {
    let training = configuration.training
    let images = try Tensor.copy(of: batch).to(device)
    let classes =
      configuration.model.variant.hasHead
      ? try Tensor(integers: batch.labels, shape: [batch.count]).to(device) : nil
    var context = context
    context.precision = precision
    context.firstLevelDropRate = training.levelDropout
    let output = try model.forward(images, context)
    let losses = try model.losses(
      output, images: images, classes: classes, variance: data.variance,
      coefficients: context.isTraining
        ? training.coefficients : training.coefficients.evaluating)
    let measures = Measures(
      losses: try losses.map { try $0.item() },
      perplexities: try output.quantized.map { try $0.perplexity.item() })
    try requireFinite(measures.columns, batch)
    return (losses, measures, try output.quantized.map { try $0.counts.floats().map(Double.init) })
  }

  /// Stops before weights are changed by something that is not a number.
  func requireFinite(_ metrics: [History.Metric], _ batch: Batch) throws(TrainingError) {
    guard let bad = metrics.first(where: { !$0.value.isFinite }) else { return }
    throw .lossNotFinite(
      part: bad.name, value: "\(bad.value)", epoch: state.epoch, step: state.step + 1,
      cells: batch.rows.map { data.set.cell($0) })
  }
}
