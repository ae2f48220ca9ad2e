import Foundation

/// What the order of a gallery of rows by their distance from one query says about a label.
struct RankedPrecision {
  /// The mean over the hits of the share of hits among all that are at most as far (average
  /// precision, as scikit-learn computes it, ties taken together).
  let averagePrecision: Double
  /// What a random order gives on average.
  let chance: Double
  /// The place of the nearest row; -1 if there is none.
  let nearest: Int

  /// Ranks rows by distance.
  ///
  /// - Parameters:
  ///   - distances: the distance of each row of the gallery from the query.
  ///   - hits: whether a row has the query's label.
  ///   - takesPart: whether a row is ranked.
  init?(
    _ distances: UnsafeBufferPointer<Float>, hits: (Int) -> Bool, takesPart: (Int) -> Bool
  ) {
    var near: [Float] = []
    var others: [Float] = []
    var nearest = -1
    for row in distances.indices where takesPart(row) {
      if hits(row) { near.append(distances[row]) } else { others.append(distances[row]) }
      if nearest < 0 || distances[row] < distances[nearest] { nearest = row }
    }
    guard let farthest = near.max() else { return nil }
    near.sort()
    // Before hit k stand as many others as are at most as far.
    var before = [Int](repeating: 0, count: near.count)
    for distance in others where distance <= farthest {
      before[Self.firstPlace(in: near, notBelow: distance)] += 1
    }
    var precision = AveragePrecision()
    var (passed, place) = (0, 0)
    while place < near.count {
      var end = place
      while end < near.count, near[end] == near[place] {
        passed += before[end]
        end += 1
      }
      precision.add(end - place, rank: end + passed)
      place = end
    }
    averagePrecision = precision.value ?? 0
    chance = Self.chance(hits: near.count, of: near.count + others.count)
    self.nearest = nearest
  }

  private static func firstPlace(in sorted: [Float], notBelow value: Float) -> Int {
    var (low, high) = (0, sorted.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The mean average precision of a random order of `count` rows with some hits.
  ///
  /// (1/N) ((P - 1) / (N - 1) (N - H) + H), where H is the N-th harmonic number (Y. Bestgen, "Exact
  /// expected average precision of the random baseline", 2015).
  static func chance(hits: Int, of count: Int) -> Double {
    guard count > 1 else { return hits > 0 ? 1 : 0 }
    let n = Double(count)
    var harmonic = 0.0
    if count <= 1000 {
      for number in 1...count { harmonic += 1 / Double(number) }
    } else {
      harmonic = 0.5772156649015329 + log(n) + 1 / (2 * n) - 1 / (12 * n * n)
    }
    return (Double(hits - 1) / (n - 1) * (n - harmonic) + harmonic) / n
  }
}
