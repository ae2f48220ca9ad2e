import Foundation

/// Multinomial logistic regression with an L2 penalty, on standardised columns.
///
/// The same model as scikit-learn's `make_pipeline(StandardScaler(), LogisticRegression(C))`: the mean
/// of the cross-entropy plus |W|^2 / (2 C n) over the weights, the intercepts left out. Products of
/// rows are float32, sums double; the result does not depend on the number of threads.
public struct LogisticRegression: Sendable {
  /// How it is fitted.
  public struct Settings: Sendable, Equatable {
    /// The inverse of the penalty, scikit-learn's `C`.
    public var inverseRegularization: Double
    /// Fitting ends when no element of the gradient of the mean is larger.
    public var tolerance: Double
    /// Fitting ends after so many steps; the fit then says that it has not converged.
    public var mostIterations: Int

    /// Settings of a fit.
    public init(
      inverseRegularization: Double = 1, tolerance: Double = 1e-5, mostIterations: Int = 1000
    ) {
      self.inverseRegularization = inverseRegularization
      self.tolerance = tolerance
      self.mostIterations = mostIterations
    }
  }

  /// The label code that each class stands for, ascending.
  public let labels: [Int]
  /// The weights on standardised columns, and the intercept last, [classes, columns + 1].
  public let weights: [Double]
  /// How columns are brought to one scale.
  public let standardization: Standardization
  /// The steps that were taken.
  public let iterations: Int
  /// The largest element of the gradient at the end.
  public let gradient: Double
  /// Whether the gradient came below the tolerance.
  public let hasConverged: Bool
  private let workers: Workers

  /// Fits to the listed rows of a matrix.
  ///
  /// - Parameters:
  ///   - matrix: the rows, [rows, columns].
  ///   - rows: the training rows.
  ///   - labels: the label code of each row of the matrix.
  ///   - settings: how it is fitted.
  ///   - workers: the threads.
  /// - Complexity: rows x columns x classes x 2 multiply-adds a step.
  /// - Throws: `AnalysisError.tooFew` where the rows have one label.
  public init(
    _ matrix: Matrix, rows: [Int], labels: [Int], settings: Settings = Settings(),
    workers: Workers = Workers()
  ) throws(AnalysisError) {
    precondition(labels.count == matrix.rows, "Every row has a label.")
    let present = Set(rows.map { labels[$0] }).sorted()
    try HeldOutFolds.requireClasses(
      present.count, what: "classes among the training cells of logistic regression")
    var places: [Int: Int] = [:]
    for (place, label) in present.enumerated() { places[label] = place }
    let standardization = Standardization(matrix, rows: rows)
    let objective = SoftmaxObjective(
      standardization.apply(matrix, rows: rows, padding: 1),
      classes: rows.map { places[labels[$0]] ?? 0 }, count: present.count,
      // Two classes share one vector of weights, w and -w: scikit-learn penalises their difference.
      penalty: (present.count == 2 ? 2 : 1)
        / (settings.inverseRegularization * Double(rows.count)), workers: workers)
    let found = LimitedMemoryBFGS(
      tolerance: settings.tolerance, mostIterations: settings.mostIterations
    ).minimize(
      from: [Double](repeating: 0, count: present.count * (matrix.columns + 1)),
      objective.evaluate)
    self.labels = present
    weights = found.point
    self.standardization = standardization
    iterations = found.iterations
    gradient = found.gradient
    hasConverged = found.gradient <= settings.tolerance
    self.workers = workers
  }

  /// The probability of each class for the listed rows, [rows, classes].
  public func probabilities(_ matrix: Matrix, rows: [Int]) -> Matrix {
    let inputs = standardization.apply(matrix, rows: rows, padding: 1)
    let parameters = Matrix(
      rows: labels.count, columns: inputs.columns, values: weights.map { Float($0) })
    var logits = Matrix.product(inputs, parameters, transposingB: true, workers: workers)
    logits.values.withUnsafeMutableBufferPointer { values in
      for row in 0..<rows.count {
        SoftmaxObjective.softmax(
          UnsafeMutableBufferPointer(
            rebasing: values[row * labels.count..<(row + 1) * labels.count]))
      }
    }
    return logits
  }

  /// The label of the likeliest class for the listed rows.
  public func predict(_ matrix: Matrix, rows: [Int]) -> [Int] {
    let chances = probabilities(matrix, rows: rows)
    return (0..<chances.rows).map { row in
      let line = chances[row: row]
      let best = line.indices.max { (line[$0], $1) < (line[$1], $0) } ?? line.startIndex
      return labels[best - line.startIndex]
    }
  }
}
