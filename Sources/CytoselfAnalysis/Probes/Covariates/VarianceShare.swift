/// How much of the variance of an embedding groups and covariates explain.
///
/// The share is 1 - RSS / TSS of a linear regression of every column, sums taken over all columns, so
/// that a column counts by its variance. The adjusted share is 1 - (1 - R^2) (n - 1) / (n - p - 1) for p
/// parameters beside the mean: what explains nothing has one near 0, however many groups it has.
public struct VarianceShare: Sendable, Equatable, Codable {
  /// The share explained, 0 to 1.
  public let share: Double
  /// The share explained beyond what so many parameters explain by chance; may be below 0, and is 0
  /// where there are as many parameters as rows.
  public let adjusted: Double
  /// The parameters beside the mean.
  public let parameters: Int

  /// The share of the listed rows' variance that groups, covariates or both explain.
  ///
  /// - Parameters:
  ///   - matrix: the rows, [rows, columns].
  ///   - rows: those that count.
  ///   - groups: the group of each of `rows`; nil for none.
  ///   - covariates: for each covariate a value for each of `rows`.
  public init(
    _ matrix: Matrix, rows: [Int], groups: [Int]?, covariates: [[Double]]
  ) {
    let width = matrix.columns
    let codes = groups ?? [Int](repeating: 0, count: rows.count)
    var places: [Int: Int] = [:]
    for code in codes where places[code] == nil { places[code] = places.count }
    let count = max(1, places.count)
    var sizes = [Double](repeating: 0, count: count)
    var means = [Double](repeating: 0, count: count * width)
    var covariateMeans = [[Double]](
      repeating: [Double](repeating: 0, count: covariates.count), count: count)
    for (place, row) in rows.enumerated() {
      let group = places[codes[place]] ?? 0
      sizes[group] += 1
      for (column, value) in matrix[row: row].enumerated() {
        means[group * width + column] += Double(value)
      }
      for (index, values) in covariates.enumerated() {
        covariateMeans[group][index] += values[place]
      }
    }
    var grand = [Double](repeating: 0, count: width)
    for group in 0..<count {
      for column in 0..<width {
        grand[column] += means[group * width + column]
        means[group * width + column] /= sizes[group]
      }
      for index in covariates.indices { covariateMeans[group][index] /= sizes[group] }
    }
    for column in 0..<width { grand[column] /= Double(max(1, rows.count)) }
    // Within groups: residuals of the rows on the residuals of the covariates (Frisch and Waugh).
    let size = covariates.count
    var (total, within) = (0.0, 0.0)
    var gram = [Double](repeating: 0, count: size * size)
    var cross = [Double](repeating: 0, count: size * width)
    var residuals = [Double](repeating: 0, count: width)
    for (place, row) in rows.enumerated() {
      let group = places[codes[place]] ?? 0
      for (column, value) in matrix[row: row].enumerated() {
        let fromAll = Double(value) - grand[column]
        total += fromAll * fromAll
        residuals[column] = Double(value) - means[group * width + column]
        within += residuals[column] * residuals[column]
      }
      for first in 0..<size {
        let value = covariates[first][place] - covariateMeans[group][first]
        for second in 0..<size {
          gram[first * size + second] +=
            value * (covariates[second][place] - covariateMeans[group][second])
        }
        for column in 0..<width { cross[first * width + column] += value * residuals[column] }
      }
    }
    let fitted = Self.explained(gram, cross, size: size, width: width)
    parameters = count - 1 + fitted.rank
    share = total > 0 ? 1 - (within - fitted.squares) / total : 0
    let freedom = rows.count - parameters - 1
    adjusted =
      freedom > 0 ? 1 - (1 - share) * Double(rows.count - 1) / Double(freedom) : 0
  }

  /// The sum of squares that covariates explain, by Gram-Schmidt; those that add nothing are skipped.
  private static func explained(
    _ gram: [Double], _ cross: [Double], size: Int, width: Int
  ) -> (squares: Double, rank: Int) {
    var gram = gram
    var cross = cross
    let scales = (0..<size).map { gram[$0 * size + $0] }
    var (squares, rank) = (0.0, 0)
    for pivot in 0..<size {
      let length = gram[pivot * size + pivot]
      guard length > 1e-10 * scales[pivot], length > 0 else { continue }
      rank += 1
      for column in 0..<width {
        squares += cross[pivot * width + column] * cross[pivot * width + column] / length
      }
      for other in pivot + 1..<max(pivot + 1, size) {
        let factor = gram[other * size + pivot] / length
        for index in pivot..<size {
          gram[other * size + index] -= factor * gram[pivot * size + index]
        }
        for column in 0..<width {
          cross[other * width + column] -= factor * cross[pivot * width + column]
        }
      }
    }
    return (squares, rank)
  }
}

extension VarianceShare {
  init(share: Double, adjusted: Double, parameters: Int) {
    self.share = share
    self.adjusted = adjusted
    self.parameters = parameters
  }
}
