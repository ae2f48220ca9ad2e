extension TrainingSection {
  /// The fewest passes over the cells where the steps decide.
  private static let fewestPasses = 10

  /// The number of passes over the training cells.
  ///
  /// - Parameter batches: the batches of one pass.
  package func plannedEpochs(batches: Int) -> Int {
    guard epochs == 0 else { return epochs }
    let perEpoch = stepsPerEpoch(batches: batches)
    return max((steps + perEpoch - 1) / perEpoch, Self.fewestPasses)
  }

  /// The optimiser steps of one pass.
  func stepsPerEpoch(batches: Int) -> Int {
    max(1, (batches + accumulation - 1) / accumulation)
  }
}
