/// Splits what is joined by a neck: a watershed with the persistence of its peaks.
enum Watershed {
  /// The basin of every pixel with a depth above 0, numbered from 1 in the order of first pixels.
  ///
  /// Pixels are flooded from the deepest on. Where two basins meet they stay apart only if the lesser
  /// peak rises more than `neck` above the place where they meet, and by a share of its own height.
  static func label(depths: [Float], width: Int, height: Int, neck: Float) -> [Int32] {
    let count = depths.count
    // Raw memory: checks of every access would take longer than the work.
    let parents = UnsafeMutablePointer<Int32>.allocate(capacity: count)
    let peaks = UnsafeMutablePointer<Float>.allocate(capacity: count)
    defer {
      parents.deallocate()
      peaks.deallocate()
    }
    parents.initialize(repeating: -1, count: count)
    for index in descending(depths) {
      let (column, row) = (index % width, index / width)
      let depth = depths[index]
      var best = -1
      for y in max(0, row - 1)...min(height - 1, row + 1) {
        for x in max(0, column - 1)...min(width - 1, column + 1) {
          let neighbor = y * width + x
          guard parents[neighbor] >= 0 else { continue }
          let found = root(neighbor, parents)
          guard found != best else { continue }
          guard best >= 0 else {
            best = found
            continue
          }
          let (high, low) = peaks[found] > peaks[best] ? (found, best) : (best, found)
          if peaks[low] - depth < max(neck, 0.12 * peaks[low]) { parents[low] = Int32(high) }
          best = high
        }
      }
      parents[index] = Int32(best >= 0 ? best : index)
      peaks[index] = depth
    }
    var numbers: [Int: Int32] = [:]
    return depths.indices.map { index in
      guard depths[index] > 0 else { return 0 }
      let top = root(index, parents)
      if let number = numbers[top] { return number }
      let number = Int32(numbers.count + 1)
      numbers[top] = number
      return number
    }
  }

  /// The peak of a pixel's basin; the way to it is shortened for the next time.
  @inline(__always)
  private static func root(_ index: Int, _ parents: UnsafeMutablePointer<Int32>) -> Int {
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
