import Numerics

/// The directions along which rows vary most.
///
/// Found by block power iteration from a seeded random start and a Rayleigh-Ritz step (N. Halko,
/// P. Martinsson and J. Tropp, "Finding structure with randomness", 2011, with the data read anew in
/// each pass), so memory holds one block of rows and a few vectors, whatever the number of rows.
/// The result does not depend on the number of threads. Columns are centred, never scaled.
public struct PrincipalComponents: Sendable, Equatable {
  /// The mean of each column.
  public let means: [Double]
  /// The directions, [components, columns], of unit length, each with its largest element positive.
  public let directions: Matrix
  /// The variance along each direction (divided by rows - 1).
  public let variances: [Double]
  /// The variance along all directions together.
  public let totalVariance: Double

  /// Directions as they were found earlier.
  ///
  /// Each value is as the property of its name says.
  public init(means: [Double], directions: Matrix, variances: [Double], totalVariance: Double) {
    precondition(
      means.count == directions.columns && variances.count == directions.rows,
      "Every direction has a variance, every column a mean.")
    self.means = means
    self.directions = directions
    self.variances = variances
    self.totalVariance = totalVariance
  }

  /// The share of the total variance along each direction.
  public var explainedShares: [Double] {
    variances.map { totalVariance > 0 ? $0 / totalVariance : 0 }
  }

  /// Rows beyond this many numbers are not held at once.
  private static let blockFloats = 4 << 20

  /// Finds the first `count` directions, or as many as rows and columns allow.
  ///
  /// - Parameters:
  ///   - passes: readings of the data after the one that takes the means.
  ///   - seed: the seed of everything random.
  ///   - count: how many directions.
  ///   - source: the rows.
  ///   - workers: the threads.
  /// - Throws: what reading the source throws.
  public init<Source: RowSource>(
    _ source: Source, count: Int, passes: Int = 5, seed: UInt64 = 0,
    workers: Workers = Workers()
  ) throws(Source.Failure) {
    let columns = source.columns
    let width = min(min(source.rows, columns), count + 10)
    let kept = min(count, width)
    let blocks = RowBlocks(source, floats: Self.blockFloats, workers: workers)
    (means, totalVariance) = try blocks.moments()

    var generator = SplitMix64(seed: seed, stream: 0x9CA)
    // Vectors lie in rows: [width, columns].
    var basis = Matrix(rows: width, columns: columns)
    for index in basis.values.indices { basis.values[index] = Float(generator.normal()) }
    Self.orthonormalize(&basis)
    // A square basis spans everything at once.
    let needed = width == columns ? 1 : max(1, passes)
    var found = (values: [Double](), vectors: Matrix(rows: 0, columns: columns))
    for pass in 0..<needed {
      var image = try blocks.covarianceProduct(basis, means: means)
      if pass == needed - 1 {
        found = Self.rayleighRitz(basis, image, kept: kept, workers: workers)
      } else {
        Self.orthonormalize(&image)
        basis = image
      }
    }
    let degrees = Double(max(1, source.rows - 1))
    variances = found.values.map { max(0, $0) / degrees }
    directions = Self.signed(found.vectors)
  }

  /// Rows on the principal axes, [rows, components].
  ///
  /// - Throws: what reading the source throws.
  public func transform<Source: RowSource>(
    _ source: Source, workers: Workers = Workers()
  ) throws(Source.Failure) -> Matrix {
    let blocks = RowBlocks(source, floats: Self.blockFloats, workers: workers)
    var scores = Matrix(rows: source.rows, columns: directions.rows)
    try blocks.forEach(means: means) { range, block in
      let part = Matrix.product(block, directions, transposingB: true, workers: workers)
      scores.values.replaceSubrange(
        range.lowerBound * directions.rows..<range.upperBound * directions.rows, with: part.values)
    }
    return scores
  }

  /// The best approximations of eigenvectors in the span of `basis`, whose image is given.
  private static func rayleighRitz(
    _ basis: Matrix, _ image: Matrix, kept: Int, workers: Workers
  ) -> (values: [Double], vectors: Matrix) {
    let size = basis.rows
    let small = Matrix.product(basis, image, transposingB: true, workers: workers)
    var symmetric = [Double](repeating: 0, count: size * size)
    for i in 0..<size {
      for j in 0..<size {
        symmetric[i * size + j] = (Double(small[i, j]) + Double(small[j, i])) / 2
      }
    }
    let eigen = SymmetricEigen(symmetric, size: size)
    let rotation = Matrix(
      rows: kept, columns: size, values: eigen.vectors.prefix(kept * size).map(Float.init))
    return (
      Array(eigen.values.prefix(kept)), Matrix.product(rotation, basis, workers: workers)
    )
  }

  /// Makes the rows orthonormal (Gram and Schmidt, twice, sums in double precision).
  private static func orthonormalize(_ matrix: inout Matrix) {
    let columns = matrix.columns
    let rows = matrix.rows
    matrix.values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for row in 0..<rows {
        let vector = base + row * columns
        for _ in 0..<2 {
          for earlier in 0..<row {
            let other = base + earlier * columns
            let overlap = Float(innerProduct(vector, other, count: columns))
            for index in 0..<columns { vector[index] -= overlap * other[index] }
          }
          let squares = innerProduct(vector, vector, count: columns)
          let scale = squares > 1e-60 ? Float(1 / squares.squareRoot()) : 0
          for index in 0..<columns { vector[index] *= scale }
        }
      }
    }
  }

  /// Turns each direction so that its largest element is positive.
  private static func signed(_ matrix: Matrix) -> Matrix {
    var signed = matrix
    for row in 0..<matrix.rows {
      let largest = matrix[row: row].max { $0.magnitude < $1.magnitude } ?? 0
      guard largest < 0 else { continue }
      for column in 0..<matrix.columns { signed[row, column] = -signed[row, column] }
    }
    return signed
  }
}

/// A source read in blocks of whole rows.
private struct RowBlocks<Source: RowSource> {
  let source: Source
  let size: Int
  let workers: Workers

  init(_ source: Source, floats: Int, workers: Workers) {
    self.source = source
    self.workers = workers
    size = max(1, min(max(1, source.rows), floats / max(1, source.columns)))
  }

  /// Calls `body` with each range of rows and its rows with the means taken away.
  func forEach(
    means: [Double]?, _ body: (Range<Int>, Matrix) -> Void
  ) throws(Source.Failure) {
    for start in stride(from: 0, to: source.rows, by: size) {
      let range = start..<min(source.rows, start + size)
      var block = Matrix(rows: range.count, columns: source.columns)
      try block.values.withUnsafeMutableBufferPointer { values throws(Source.Failure) in
        guard let base = values.baseAddress else { return }
        try source.read(range, into: base)
        guard let means else { return }
        let columns = source.columns
        means.withUnsafeBufferPointer { means in
          workers.forEachRange(of: range.count, size: max(1, range.count / 16)) { rows, _ in
            for row in rows {
              let line = base + row * columns
              for column in 0..<columns {
                line[column] = Float(Double(line[column]) - means[column])
              }
            }
          }
        }
      }
      body(range, block)
    }
  }

  /// The column means, and the sum over columns of the variance.
  func moments() throws(Source.Failure) -> (means: [Double], variance: Double) {
    let columns = source.columns
    var sums = [Double](repeating: 0, count: columns)
    try forEach(means: nil) { range, block in
      block.values.withUnsafeBufferPointer { values in
        sums.withUnsafeMutableBufferPointer { sums in
          for row in 0..<range.count {
            for column in 0..<columns { sums[column] += Double(values[row * columns + column]) }
          }
        }
      }
    }
    let means = sums.map { $0 / Double(max(1, source.rows)) }
    var squares = 0.0
    try forEach(means: means) { _, block in
      block.values.withUnsafeBufferPointer { values in
        for value in values { squares += Double(value) * Double(value) }
      }
    }
    return (means, squares / Double(max(1, source.rows - 1)))
  }

  /// For the vectors in the rows of `basis`, the centred data's transposed product with its product.
  func covarianceProduct(
    _ basis: Matrix, means: [Double]
  ) throws(Source.Failure) -> Matrix {
    var image = Matrix(rows: basis.rows, columns: basis.columns)
    try forEach(means: means) { _, block in
      let scores = Matrix.product(basis, block, transposingB: true, workers: workers)
      let part = Matrix.product(scores, block, workers: workers)
      for index in image.values.indices { image.values[index] += part.values[index] }
    }
    return image
  }
}
