/// Follows the best validation loss and says when to stop waiting for a better one.
public struct EarlyStop: Codable, Equatable, Sendable {
  /// Epochs without improvement before training stops; 0 never stops.
  public var patience: Int
  /// The lowest validation loss so far, and the epoch it came from.
  public private(set) var best: Best?
  /// Epochs since ``best``.
  public private(set) var epochsWithoutImprovement = 0

  /// A validation loss and the epoch (from 1) that reached it.
  public struct Best: Codable, Equatable, Sendable {
    /// The validation loss.
    public let loss: Double
    /// The epoch, counted from 1.
    public let epoch: Int
  }

  /// Nothing seen yet.
  public init(patience: Int) {
    self.patience = patience
  }

  /// Takes note of one epoch's validation loss and returns whether it is the lowest so far.
  ///
  /// A loss that is not a number is never an improvement (upstream turns it into zero, which would
  /// make it the best for ever).
  public mutating func record(loss: Double, epoch: Int) -> Bool {
    if loss.isFinite, best.map({ loss < $0.loss }) ?? true {
      best = Best(loss: loss, epoch: epoch)
      epochsWithoutImprovement = 0
      return true
    }
    epochsWithoutImprovement += 1
    return false
  }

  /// Takes an epoch as the best so far whatever its loss.
  mutating func keep(loss: Double, epoch: Int) {
    best = Best(loss: loss, epoch: epoch)
    epochsWithoutImprovement = 0
  }

  /// Whether the patience is used up.
  public var shouldStop: Bool { patience > 0 && epochsWithoutImprovement >= patience }
}
