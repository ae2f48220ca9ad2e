/// Linear regression with an L2 penalty, on standardised columns, of several targets at once.
///
/// The same model as scikit-learn's `make_pipeline(StandardScaler(), Ridge(alpha))`.
public struct RidgeRegression: Sendable {
  /// The weights on standardised columns, [columns, targets].
  public let weights: [Double]
  /// The mean of each target.
  public let means: [Double]
  /// How columns are brought to one scale.
  public let standardization: Standardization

  /// Products of columns with each other and with the targets, from which fits are made.
  public struct Products: Sendable {
    let gram: [Double]
    let cross: [Double]
    let means: [Double]
    let standardization: Standardization

    /// Sums over the listed rows.
    ///
    /// - Parameters:
    ///   - matrix: the rows, [rows, columns].
    ///   - rows: the training rows.
    ///   - targets: for each target a value for each row of the matrix.
    ///   - workers: the threads.
    /// - Complexity: rows x columns^2 multiply-adds.
    public init(_ matrix: Matrix, rows: [Int], targets: [[Double]], workers: Workers = Workers()) {
      let standardization = Standardization(matrix, rows: rows)
      let inputs = standardization.apply(matrix, rows: rows)
      let width = matrix.columns
      means = targets.map { target in
        rows.reduce(0) { $0 + target[$1] } / Double(max(1, rows.count))
      }
      self.standardization = standardization
      // Blocks of rows are multiplied in float32 and summed in double.
      let block = 512
      let blocks = (rows.count + block - 1) / block
      var gram = [Double](repeating: 0, count: width * width)
      for part in 0..<blocks {
        let rows = Array(part * block..<min(inputs.rows, (part + 1) * block))
        let piece = inputs.selecting(rows)
        let product = Matrix.product(piece, transposingA: true, piece, workers: workers)
        for index in gram.indices { gram[index] += Double(product.values[index]) }
      }
      var cross = [Double](repeating: 0, count: width * targets.count)
      for (place, row) in rows.enumerated() {
        for (target, values) in targets.enumerated() {
          let value = values[row] - means[target]
          for column in 0..<width {
            cross[column * targets.count + target] +=
              Double(inputs.values[place * width + column]) * value
          }
        }
      }
      self.gram = gram
      self.cross = cross
    }
  }

  /// Fits with a penalty, scikit-learn's `alpha`, above 0.
  public init(_ products: Products, penalty: Double) {
    precondition(penalty > 0, "A ridge needs a penalty.")
    let width = products.standardization.means.count
    let targets = products.means.count
    var gram = products.gram
    for column in 0..<width { gram[column * width + column] += penalty }
    weights = Self.solve(gram, products.cross, size: width, targets: targets)
    means = products.means
    standardization = products.standardization
  }

  /// The targets of the listed rows, [rows, targets].
  public func predict(_ matrix: Matrix, rows: [Int]) -> [Double] {
    let inputs = standardization.apply(matrix, rows: rows)
    let width = matrix.columns
    return rows.indices.flatMap { row in
      means.indices.map { target in
        var sum = means[target]
        for column in 0..<width {
          sum +=
            Double(inputs.values[row * width + column]) * weights[column * means.count + target]
        }
        return sum
      }
    }
  }

  /// Solves a positive definite system for several right sides by Cholesky's factors.
  private static func solve(
    _ matrix: [Double], _ right: [Double], size: Int, targets: Int
  ) -> [Double] {
    var factor = matrix
    var solution = right
    factor.withUnsafeMutableBufferPointer { factor in
      for row in 0..<size {
        for column in 0...row {
          var sum = factor[row * size + column]
          for k in 0..<column { sum -= factor[row * size + k] * factor[column * size + k] }
          factor[row * size + column] =
            row == column
            ? max(sum, .leastNormalMagnitude).squareRoot()
            : sum / factor[column * size + column]
        }
      }
      for target in 0..<targets {
        for row in 0..<size {
          var sum = solution[row * targets + target]
          for k in 0..<row { sum -= factor[row * size + k] * solution[k * targets + target] }
          solution[row * targets + target] = sum / factor[row * size + row]
        }
        for row in (0..<size).reversed() {
          var sum = solution[row * targets + target]
          for k in row + 1..<max(row + 1, size) {
            sum -= factor[k * size + row] * solution[k * targets + target]
          }
          solution[row * targets + target] = sum / factor[row * size + row]
        }
      }
    }
    return solution
  }
}
