/// How well ridge regression tells covariates of held-out cells from an embedding.
struct CovariateProbe {
  let told: [ConfounderCheck.Told]

  /// Penalties that are tried in every round, on cells of the round after it.
  private static let penalties = [1.0, 10, 100, 1000, 10_000, 100_000]
  private static let mostTeaching = 20_000

  init(
    _ embedding: Matrix, covariates: [(name: String, values: [Double])], folds: HeldOutFolds,
    units: [Int]?, sampling: Sampling, workers: Workers
  ) throws(AnalysisError) {
    var told: [ConfounderCheck.Told] = []
    for covariate in covariates {
      var errors: [(row: Int, error: Double, spread: Double)] = []
      for (round, fold) in folds.folds.enumerated() {
        let known = fold.train.filter { covariate.values[$0].isFinite }
        let asked = fold.test.filter { covariate.values[$0].isFinite }
        guard known.count >= 10, !asked.isEmpty else { continue }
        var generator = SeededGenerator(seed: sampling.seed, stream: 0xC0E_0000 + UInt64(round))
        let teaching = generator.sample(Self.mostTeaching, of: known.count).map { known[$0] }
        let penalty = Self.penalty(
          embedding, covariate.values, teaching, units: units, workers: workers)
        let model = RidgeRegression(
          RidgeRegression.Products(
            embedding, rows: teaching, targets: [covariate.values], workers: workers),
          penalty: penalty)
        let guesses = model.predict(embedding, rows: asked)
        for (row, guess) in zip(asked, guesses) {
          let value = covariate.values[row]
          errors.append(
            (
              row, (value - guess) * (value - guess),
              (value - model.means[0]) * (value - model.means[0])
            ))
        }
      }
      guard errors.contains(where: { $0.spread > 0 }) else { continue }
      told.append(Self.told(covariate.name, errors, units: units, sampling, workers))
    }
    self.told = told
  }

  private static func told(
    _ name: String, _ errors: [(row: Int, error: Double, spread: Double)], units: [Int]?,
    _ sampling: Sampling, _ workers: Workers
  ) -> ConfounderCheck.Told {
    func r2(_ places: some Sequence<Int>) -> Double {
      var (error, spread) = (0.0, 0.0)
      for place in places {
        error += errors[place].error
        spread += errors[place].spread
      }
      return spread > 0 ? 1 - error / spread : .nan
    }
    let drawn = SamplingUnits(
      units.map { units in errors.map { units[$0.row] } }, rows: errors.count)
    let bounds = drawn.intervals(
      resamples: sampling.resamples, seed: sampling.seed, workers: workers
    ) { units in [r2(units.lazy.flatMap { drawn.members[$0] })] }
    return ConfounderCheck.Told(
      name: name, r2: r2(errors.indices), low: bounds[0].low, high: bounds[0].high,
      interval: drawn.intervalName)
  }

  /// The penalty with the smallest error on a fifth of the units that teach, at least one.
  private static func penalty(
    _ embedding: Matrix, _ values: [Double], _ rows: [Int], units: [Int]?, workers: Workers
  ) -> Double {
    let unit = units ?? Array(0..<embedding.rows)
    let order = Set(rows.map { unit[$0] }).sorted()
    let step = min(5, order.count)
    let kept = Set(order.indices.filter { $0 % step == step - 1 }.map { order[$0] })
    let asked = rows.filter { kept.contains(unit[$0]) }
    let teaching = rows.filter { !kept.contains(unit[$0]) }
    guard !asked.isEmpty, teaching.count >= 5 else { return 100 }
    let products = RidgeRegression.Products(
      embedding, rows: teaching, targets: [values], workers: workers)
    let errors = penalties.map { penalty in
      let guesses = RidgeRegression(products, penalty: penalty).predict(embedding, rows: asked)
      return zip(asked, guesses).reduce(0) { sum, pair in
        let difference = values[pair.0] - pair.1
        return sum + difference * difference
      }
    }
    let best = errors.indices.min { (errors[$0], $0) < (errors[$1], $1) } ?? 0
    return penalties[best]
  }
}
