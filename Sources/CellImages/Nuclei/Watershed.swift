/// Splits what is joined by a neck: a watershed with the persistence of its peaks.
enum Watershed {
  /// The basin of every pixel with a depth above 0, numbered from 1 in the order of first pixels.
  ///
  /// Pixels are flooded from the deepest on. Where two basins meet they stay apart only if the lesser
  /// peak rises more than `neck` above the place where they meet, and by a share of its own height.
  static func label(depths: [Float], width: Int, height: Int, neck: Float) -> [Int32] {
    var parents = [Int32](repeating: -1, count: depths.count)
    var peaks = depths
    func root(_ index: Int) -> Int {
      var top = index
      while Int(parents[top]) != top { top = Int(parents[top]) }
      var walk = index
      while Int(parents[walk]) != top {
        let next = Int(parents[walk])
        parents[walk] = Int32(top)
        walk = next
      }
      return top
    }
    for index in descending(depths) {
      let (column, row) = (index % width, index / width)
      var best = -1
      func consider(_ neighbor: Int) {
        guard parents[neighbor] >= 0 else { return }
        let found = root(neighbor)
        guard found != best else { return }
        guard best >= 0 else {
          best = found
          return
        }
        let (high, low) = peaks[found] > peaks[best] ? (found, best) : (best, found)
        let rise = peaks[low] - depths[index]
        if rise < max(neck, 0.12 * peaks[low]) { parents[low] = Int32(high) }
        best = high
      }
      for y in max(0, row - 1)...min(height - 1, row + 1) {
        for x in max(0, column - 1)...min(width - 1, column + 1) where y != row || x != column {
          consider(y * width + x)
        }
      }
      parents[index] = Int32(best >= 0 ? best : index)
      peaks[index] = depths[index]
    }
    var numbers: [Int: Int32] = [:]
    return depths.indices.map { index in
      guard depths[index] > 0 else { return 0 }
      let top = root(index)
      if let number = numbers[top] { return number }
      let number = Int32(numbers.count + 1)
      numbers[top] = number
      return number
    }
  }

  /// The pixels above 0 from the deepest on; equals in the order of the picture.
  private static func descending(_ depths: [Float]) -> [Int] {
    let deepest = depths.max() ?? 0
    guard deepest > 0 else { return [] }
    // A counting sort: depths are pixels, and a 4,096th of the deepest is finer than needed.
    let steps = 4_096
    func step(_ depth: Float) -> Int { min(steps - 1, Int(depth / deepest * Float(steps))) }
    var starts = [Int](repeating: 0, count: steps + 1)
    for depth in depths where depth > 0 { starts[steps - 1 - step(depth) + 1] += 1 }
    for index in 1...steps { starts[index] += starts[index - 1] }
    var order = [Int](repeating: 0, count: starts[steps])
    for (index, depth) in depths.enumerated() where depth > 0 {
      let place = steps - 1 - step(depth)
      order[starts[place]] = index
      starts[place] += 1
    }
    return order
  }
}
