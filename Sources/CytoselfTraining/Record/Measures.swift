public import CytoselfModel

/// What one pass over cells measured: losses, and what else describes the model's state.
public struct Measures: Codable, Equatable, Sendable {
  /// The losses.
  public var losses: ModelLosses<Double>
  /// How many codes of each level are in use in a batch: the exponential of their entropy.
  public var perplexities: [Double]
  /// How many codes of each level are in use over all batches; empty for a single batch.
  public var codeUse: [CodeUse]
  /// The total loss without the weighted quantisation losses; nil where it is not monitored.
  public var taskLoss: Double?

  /// Measures of their parts.
  public init(
    losses: ModelLosses<Double>, perplexities: [Double] = [], codeUse: [CodeUse] = [],
    taskLoss: Double? = nil
  ) {
    self.losses = losses
    self.perplexities = perplexities
    self.codeUse = codeUse
    self.taskLoss = taskLoss
  }

  /// The loss that is monitored.
  ///
  /// - Returns: not a number for a task loss that was not recorded.
  public func value(of monitor: TrainingSection.Monitor) -> Double {
    switch monitor {
    case .loss, .last: losses.total
    case .taskLoss: taskLoss ?? .nan
    }
  }

  /// The same with the monitored loss beside the others.
  ///
  /// - Parameter training: says which loss is monitored, and the weight of the quantisation losses.
  func monitored(as training: TrainingSection) -> Measures {
    guard training.monitor == .taskLoss else { return self }
    let quantization = losses.quantization.reduce(0) { $0 + $1.total }
    var copy = self
    copy.taskLoss = losses.total - training.vqCoefficient * quantization
    return copy
  }

  /// Every number under its name in files, in the order of the columns.
  public var columns: [History.Metric] {
    let task = taskLoss.map { [(TrainingSection.Monitor.taskLoss.rawValue, $0)] } ?? []
    let codes =
      perplexities.enumerated().map { (losses.numbered("perplexity", $0), $1) }
      + codeUse.enumerated().map { (losses.numbered("epoch_perplexity", $0), $1.perplexity) }
      + codeUse.enumerated().map { (losses.numbered("code_share", $0), $1.share) }
    let all =
      [("loss", losses.total)] + task + losses.namedClassification + codes
      + losses.namedReconstruction + losses.namedQuantization
    return all.map { History.Metric(name: $0.0, value: $0.1) }
  }

  /// These measures with every mean replaced.
  func map(_ transform: (Double) -> Double) -> Measures {
    Measures(
      losses: losses.map(transform), perplexities: perplexities.map(transform), codeUse: codeUse,
      taskLoss: taskLoss.map(transform))
  }
}

/// The running mean of measures over cells.
///
/// Every batch is weighted by its cells, so a short last batch does not count for more than its cells.
/// (Upstream averages over batches.)
struct MeasureMean: Codable, Equatable, Sendable {
  private var sum: Measures?
  private var weight = 0.0
  private var codes: [[Double]] = []

  /// Adds the measures of one batch.
  ///
  /// - Parameters:
  ///   - measures: The means over the batch.
  ///   - codes: How often each code of each level occurred in it.
  ///   - count: The cells of the batch.
  mutating func add(_ measures: Measures, codes: [[Double]], count: Int) {
    self.codes = self.codes.isEmpty ? codes : zip(self.codes, codes).map { zip($0, $1).map(+) }
    let weighted = measures.map { $0 * Double(count) }
    weight += Double(count)
    guard let old = sum else {
      sum = weighted
      return
    }
    sum = Measures(
      losses: old.losses.combined(with: weighted.losses, +),
      perplexities: zip(old.perplexities, weighted.perplexities).map(+))
  }

  /// Whether a batch has been added.
  var isStarted: Bool { sum != nil && weight > 0 }

  /// The mean; at least one batch must have been added.
  var value: Measures {
    guard let sum else { preconditionFailure("A mean is taken after the first batch.") }
    var mean = sum.map { $0 / weight }
    mean.codeUse = codes.map(CodeUse.init(counts:))
    return mean
  }
}
