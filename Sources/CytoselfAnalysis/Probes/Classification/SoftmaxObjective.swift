import Foundation

/// The mean cross-entropy of a softmax over linear scores, with its penalty and gradient.
struct SoftmaxObjective {
  /// Standardised rows, each with a last column of ones, [rows, columns + 1].
  private let inputs: Matrix
  private let classes: [Int]
  private let count: Int
  /// Half of this times the squared length of the weights is added.
  private let penalty: Double
  private let workers: Workers

  /// Rows are summed in so many parts, whatever the number of threads.
  private static let parts = 16
  /// Rows whose scores are in cache at once.
  private static let block = 192

  init(_ inputs: Matrix, classes: [Int], count: Int, penalty: Double, workers: Workers) {
    self.inputs = inputs
    self.classes = classes
    self.count = count
    self.penalty = penalty
    self.workers = workers
  }

  /// The value and the gradient at some weights, [classes, columns + 1].
  func evaluate(_ weights: [Double]) -> (value: Double, gradient: [Double]) {
    let size = weights.count
    let parameters = weights.map { Float($0) }
    let rows = inputs.rows
    let share = max(1, (rows + Self.parts - 1) / Self.parts)
    let parts = (rows + share - 1) / share
    var partial = [Float](repeating: 0, count: parts * size)
    var losses = [Double](repeating: 0, count: parts)
    partial.withUnsafeMutableBufferPointer { partial in
      losses.withUnsafeMutableBufferPointer { losses in
        guard let gradients = partial.baseAddress, let lossBase = losses.baseAddress else { return }
        workers.forEach(parts) { part, _ in
          lossBase[part] = addPart(
            part * share..<min(rows, (part + 1) * share), parameters, to: gradients + part * size)
        }
      }
    }
    var gradient = [Double](repeating: 0, count: size)
    for part in 0..<parts {
      for index in 0..<size { gradient[index] += Double(partial[part * size + index]) }
    }
    var squares = 0.0
    let width = inputs.columns
    for index in 0..<size {
      gradient[index] /= Double(rows)
      // The intercept, last of each class, is free.
      guard index % width != width - 1 else { continue }
      gradient[index] += penalty * weights[index]
      squares += weights[index] * weights[index]
    }
    return (losses.reduce(0, +) / Double(rows) + penalty * squares / 2, gradient)
  }

  /// Adds the gradient of some rows and returns the sum of their losses.
  private func addPart(
    _ range: Range<Int>, _ weights: [Float], to gradient: UnsafeMutablePointer<Float>
  ) -> Double {
    let width = inputs.columns
    let workspace = MatrixWorkspace()
    let scores = UnsafeMutablePointer<Float>.allocate(capacity: Self.block * count)
    defer { scores.deallocate() }
    var loss = 0.0
    inputs.values.withUnsafeBufferPointer { values in
      weights.withUnsafeBufferPointer { weights in
        guard let base = values.baseAddress, let weightBase = weights.baseAddress else { return }
        let parameters = MatrixView(rows: count, columns: width, base: weightBase)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.block) {
          let end = min(range.upperBound, start + Self.block)
          let rows = MatrixView(rows: end - start, columns: width, base: base + start * width)
          workspace.multiply(rows, parameters.transposed, into: scores, rowStride: count)
          for row in start..<end {
            let line = UnsafeMutableBufferPointer(
              start: scores + (row - start) * count, count: count)
            let own = line[classes[row]]
            loss += Self.softmax(line) - Double(own)
            line[classes[row]] -= 1
          }
          let errors = MatrixView(rows: end - start, columns: count, base: scores)
          workspace.multiply(
            errors.transposed, rows, into: gradient, rowStride: width, accumulating: true)
        }
      }
    }
    return loss
  }

  /// Turns scores into probabilities and returns the logarithm of the sum of their exponentials.
  @discardableResult
  static func softmax(_ scores: UnsafeMutableBufferPointer<Float>) -> Double {
    var highest = -Float.infinity
    for score in scores { highest = max(highest, score) }
    var sum = 0.0
    for index in scores.indices {
      let power = exp(scores[index] - highest)
      scores[index] = power
      sum += Double(power)
    }
    let scale = Float(1 / sum)
    for index in scores.indices { scores[index] *= scale }
    return Double(highest) + log(sum)
  }
}
