/// The learning rate over epochs: multiplied by a factor when the validation loss stops improving.
///
/// Follows upstream's trainer (`reducelr_patience`, `reducelr_increment`, `min_lr`) with one
/// correction: an improvement sets the count of epochs without improvement back to zero. Upstream
/// leaves it standing, so that unrelated bad epochs add up to a reduction.
public struct PlateauSchedule: Codable, Equatable, Sendable {
  /// Epochs without improvement before the rate is reduced.
  public let patience: Int
  /// What the rate is multiplied by, between 0 and 1.
  public let factor: Double
  /// The rate is never set below this.
  public let floor: Double
  /// The rate to use in the next epoch.
  public private(set) var rate: Double
  /// Epochs without improvement since the last improvement or reduction.
  public private(set) var epochsWithoutImprovement = 0

  /// Starts at `rate`.
  public init(rate: Double, patience: Int, factor: Double, floor: Double) {
    self.rate = rate
    self.patience = patience
    self.factor = factor
    self.floor = floor
  }

  /// Takes note of one epoch and returns whether the rate was reduced.
  ///
  /// - Parameter improved: whether the epoch's validation loss was the lowest so far.
  public mutating func record(improved: Bool) -> Bool {
    if improved {
      epochsWithoutImprovement = 0
      return false
    }
    epochsWithoutImprovement += 1
    guard epochsWithoutImprovement >= patience, rate > floor else { return false }
    rate = max(rate * factor, floor)
    epochsWithoutImprovement = 0
    return true
  }
}
