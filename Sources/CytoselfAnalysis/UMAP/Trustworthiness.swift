import CMatrixKernels
import Numerics

/// How far the neighbours in a map were neighbours before: 1 where all of them were.
///
/// J. Venna and S. Kaski, "Neighborhood preservation in nonlinear projection methods", 2001; the
/// same number as scikit-learn's `trustworthiness` when every row is looked at.
public enum Trustworthiness {
  /// The trustworthiness of `map` as a picture of `data`, euclidean in both.
  ///
  /// - Parameters:
  ///   - map: positions, `[rows, axes]`.
  ///   - neighbors: how many neighbours in the map are looked at.
  ///   - sample: look at this many random rows (against all others); nil takes all.
  ///   - workers: the threads.
  ///   - seed: the seed of everything random.
  ///   - data: the rows the map was made of.
  /// - Throws: `AnalysisError.tooFew` unless there are more than 1.5 times as many rows as neighbours.
  public static func measure(
    _ map: Matrix, of data: Matrix, neighbors: Int = 15, sample: Int? = nil, seed: UInt64 = 0,
    workers: Workers = Workers()
  ) throws(AnalysisError) -> Double {
    precondition(map.rows == data.rows, "A map has a place for every row.")
    let rows = data.rows
    guard 2 * rows > 3 * neighbors + 1, rows > neighbors else {
      throw .tooFew(
        what: "rows for a trustworthiness at \(neighbors) neighbours", found: rows,
        needed: 3 * neighbors / 2 + 1, advice: "Look at fewer neighbours.")
    }
    var generator = SplitMix64(seed: seed, stream: 0x7125)
    let looked = generator.sample(sample ?? rows, of: rows)
    let near = try ExactNeighbors(workers: workers).search(map, count: neighbors, source: "the map")
    var penalties = [Int](repeating: 0, count: looked.count)
    penalties.withUnsafeMutableBufferPointer { penalties in
      data.values.withUnsafeBufferPointer { values in
        workers.forEachRange(of: looked.count, size: 16) { range, _ in
          var distances = [Float](repeating: 0, count: rows)
          for place in range {
            let row = looked[place]
            for other in 0..<rows {
              distances[other] = squaredDistance(values, row, values, other, columns: data.columns)
            }
            var penalty = 0
            for neighbor in near.indices(of: row) {
              let index = Int(neighbor)
              let distance = distances[index]
              var rank = 1
              for other in 0..<rows where other != row {
                if distances[other] < distance || (distances[other] == distance && other < index) {
                  rank += 1
                }
              }
              penalty += max(0, rank - neighbors)
            }
            penalties[place] = penalty
          }
        }
      }
    }
    let n = Double(rows)
    let k = Double(neighbors)
    let mean = Double(penalties.reduce(0, +)) / Double(looked.count)
    return 1 - 2 * mean / (k * (2 * n - 3 * k - 1))
  }
}
