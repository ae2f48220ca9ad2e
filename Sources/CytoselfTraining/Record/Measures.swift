public import CytoselfModel

/// What one pass over cells measured: losses, and what else describes the model's state.
public struct Measures: Codable, Equatable, Sendable {
  /// The losses.
  public var losses: ModelLosses<Double>
  /// How many codes of each level are in use: the exponential of their entropy.
  public var perplexities: [Double]
  /// The total loss without the weighted quantisation losses; nil where it is not monitored.
  public var taskLoss: Double?

  /// Measures of their parts.
  public init(losses: ModelLosses<Double>, perplexities: [Double] = [], taskLoss: Double? = nil) {
    self.losses = losses
    self.perplexities = perplexities
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
    let codes = perplexities.enumerated().map { (losses.numbered("perplexity", $0), $1) }
    let all =
      [("loss", losses.total)] + task + losses.namedClassification + codes
      + losses.namedReconstruction + losses.namedQuantization
    return all.map { History.Metric(name: $0.0, value: $0.1) }
  }

  /// These measures with every number replaced.
  func map(_ transform: (Double) -> Double) -> Measures {
    Measures(
      losses: losses.map(transform), perplexities: perplexities.map(transform),
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

  /// Adds the measures of one batch of `count` cells.
  mutating func add(_ measures: Measures, count: Int) {
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
    return sum.map { $0 / weight }
  }
}
