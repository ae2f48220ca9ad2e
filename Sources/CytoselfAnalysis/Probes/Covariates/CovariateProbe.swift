import Numerics

/// How well ridge regression predicts covariates of held-out cells from an embedding.
struct CovariateProbe {
  let told: [ConfounderCheck.Told]

  /// Penalties that are tried in every fold, on units that are kept out of the training set.
  private static let penalties = [1.0, 10, 100, 1000, 10_000, 100_000]
  private static let mostTraining = 20_000

  /// A squared error, and the squared distance from the mean of the training cells.
  private struct Miss {
    let row: Int
    let error: Double
    let spread: Double
  }

  /// Predicts all covariates, of the cells that have every one.
  init(
    _ embedding: Matrix, covariates: [(name: String, values: [Double])], folds: HeldOutFolds,
    units: [Int]?, sampling: Sampling, workers: Workers
  ) {
    let targets = covariates.map(\.values)
    var misses = [[Miss]](repeating: [], count: covariates.count)
    for (round, fold) in folds.folds.enumerated() where !covariates.isEmpty {
      func isKnown(_ row: Int) -> Bool { targets.allSatisfy { $0[row].isFinite } }
      let known = fold.train.filter(isKnown)
      let tested = fold.test.filter(isKnown)
      guard known.count >= 10, !tested.isEmpty else { continue }
      var generator = SplitMix64(seed: sampling.seed, stream: 0xC0E_0000 + UInt64(round))
      let training = generator.sample(Self.mostTraining, of: known.count).map { known[$0] }
      let penalties = Self.penalties(
        embedding, targets, training, units: units, workers: workers)
      let products = RidgeRegression.Products(
        embedding, rows: training, targets: targets, workers: workers)
      for penalty in Set(penalties).sorted() {
        let model = RidgeRegression(products, penalty: penalty)
        let guesses = model.predict(embedding, rows: tested)
        for target in targets.indices where penalties[target] == penalty {
          for (place, row) in tested.enumerated() {
            let error = targets[target][row] - guesses[place * targets.count + target]
            let spread = targets[target][row] - model.means[target]
            misses[target].append(Miss(row: row, error: error * error, spread: spread * spread))
          }
        }
      }
    }
    told = covariates.indices.compactMap { target in
      guard misses[target].contains(where: { $0.spread > 0 }) else { return nil }
      return Self.told(covariates[target].name, misses[target], units: units, sampling, workers)
    }
  }

  private static func told(
    _ name: String, _ misses: [Miss], units: [Int]?, _ sampling: Sampling, _ workers: Workers
  ) -> ConfounderCheck.Told {
    func r2(_ places: some Sequence<Int>) -> Double {
      var (error, spread) = (0.0, 0.0)
      for place in places {
        error += misses[place].error
        spread += misses[place].spread
      }
      return spread > 0 ? 1 - error / spread : .nan
    }
    let drawn = SamplingUnits(
      units.map { units in misses.map { units[$0.row] } }, rows: misses.count)
    let bounds = drawn.intervals(
      resamples: sampling.resamples, seed: sampling.seed, workers: workers
    ) { units in [r2(units.lazy.flatMap { drawn.members[$0] })] }
    return ConfounderCheck.Told(
      name: name, r2: r2(misses.indices), low: bounds[0].low, high: bounds[0].high,
      interval: drawn.intervalName)
  }

  /// For each target the penalty with the smallest error on a fifth of the training units, at
  /// least one.
  private static func penalties(
    _ embedding: Matrix, _ targets: [[Double]], _ rows: [Int], units: [Int]?, workers: Workers
  ) -> [Double] {
    let unit = units ?? Array(0..<embedding.rows)
    let order = Set(rows.map { unit[$0] }).sorted()
    let step = min(5, order.count)
    let kept = Set(order.indices.filter { $0 % step == step - 1 }.map { order[$0] })
    let tested = rows.filter { kept.contains(unit[$0]) }
    let training = rows.filter { !kept.contains(unit[$0]) }
    guard !tested.isEmpty, training.count >= 5 else { return targets.map { _ in 100 } }
    let products = RidgeRegression.Products(
      embedding, rows: training, targets: targets, workers: workers)
    var best = targets.map { _ in (error: Double.infinity, penalty: 100.0) }
    for penalty in penalties {
      let guesses = RidgeRegression(products, penalty: penalty).predict(embedding, rows: tested)
      for target in targets.indices {
        var sum = 0.0
        for (place, row) in tested.enumerated() {
          let error = targets[target][row] - guesses[place * targets.count + target]
          sum += error * error
        }
        if sum < best[target].error { best[target] = (sum, penalty) }
      }
    }
    return best.map(\.penalty)
  }
}
