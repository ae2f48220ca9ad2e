/// Splits what is joined by a neck: a watershed with the persistence of its peaks.
enum Watershed {
  /// The basin of every pixel with a depth above 0, numbered from 1 in the order of first pixels.
  ///
  /// Pixels are flooded from the deepest on, and each joins the basin it rises to most steeply. Where
  /// two basins meet they stay apart only if the lesser peak rises more than `neck` above the place
  /// where they meet, and by a share of its own height.
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
    peaks.initialize(repeating: 0, count: count)
    let diagonal = Float(0.5).squareRoot()
    depths.withUnsafeBufferPointer { depths in
      for place in descending(depths) {
        let index = Int(place)
        let (column, row) = (index % width, index / width)
        let depth = depths[index]
        var (own, steepest): (Int, Float) = (-1, -1)
        var highest = -1
        for y in max(0, row - 1)...min(height - 1, row + 1) {
          for x in max(0, column - 1)...min(width - 1, column + 1) {
            let neighbor = y * width + x
            guard parents[neighbor] >= 0 else { continue }
            let found = root(neighbor, parents)
            let isBeside = x == column || y == row
            let rise = (depths[neighbor] - depth) * (isBeside ? 1 : diagonal)
            if rise > steepest { (own, steepest) = (found, rise) }
            guard found != highest else { continue }
            guard highest >= 0 else {
              highest = found
              continue
            }
            let (high, low) = peaks[found] > peaks[highest] ? (found, highest) : (highest, found)
            if peaks[low] - depth < max(neck, 0.12 * peaks[low]) { parents[low] = Int32(high) }
            highest = high
          }
        }
        parents[index] = Int32(own >= 0 ? root(own, parents) : index)
        peaks[index] = depth
      }
    }
    return numbers(parents, count)
  }

  /// The basin of every pixel, numbered from 1 in the order of first pixels; 0 for pixels of none.
  private static func numbers(_ parents: UnsafeMutablePointer<Int32>, _ count: Int) -> [Int32] {
    var numbers = [Int32](repeating: 0, count: count)
    var last: Int32 = 0
    return [Int32](unsafeUninitializedCapacity: count) { labels, filled in
      for index in 0..<count {
        guard parents[index] >= 0 else {
          labels[index] = 0
          continue
        }
        let top = root(index, parents)
        if numbers[top] == 0 {
          last += 1
          numbers[top] = last
        }
        labels[index] = numbers[top]
      }
      filled = count
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
  private static func descending(_ depths: UnsafeBufferPointer<Float>) -> [Int32] {
    let deepest = depths.max() ?? 0
    guard deepest > 0 else { return [] }
    // A counting sort: depths are pixels, and a 4,096th of the deepest is finer than needed.
    let steps = 4_096
    let factor = Float(steps) / deepest
    func place(_ depth: Float) -> Int { steps - 1 - min(steps - 1, Int(depth * factor)) }
    var starts = [Int](repeating: 0, count: steps + 1)
    for depth in depths where depth > 0 { starts[place(depth) + 1] += 1 }
    for index in 1...steps { starts[index] += starts[index - 1] }
    var order = [Int32](repeating: 0, count: starts[steps])
    for (index, depth) in depths.enumerated() where depth > 0 {
      let step = place(depth)
      order[starts[step]] = Int32(index)
      starts[step] += 1
    }
    return order
  }
}
