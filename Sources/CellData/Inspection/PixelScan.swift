/// What a pass over pixels finds out.
struct PixelScan: Sendable {
  var moments: [Moments]
  var notFinite: [[Int]]
  var constant: [[Int]]
  var failures: [CellDataError] = []

  init(channels: Int) {
    moments = [Moments](repeating: Moments(), count: channels)
    notFinite = [[Int]](repeating: [], count: channels)
    constant = notFinite
  }

  mutating func look(at crop: UnsafeBufferPointer<Float>, row: Int, size: Int) {
    for channel in moments.indices {
      let plane = UnsafeBufferPointer(rebasing: crop[channel * size..<(channel + 1) * size])
      let found = Moments(plane)
      // A sum is finite only if every pixel is (or the pixels are beyond all measure).
      guard found.mean.isFinite, found.squares.isFinite else {
        notFinite[channel].append(row)
        continue
      }
      if found.minimum == found.maximum { constant[channel].append(row) }
      moments[channel].join(found)
    }
  }

  mutating func join(_ other: PixelScan) {
    for channel in moments.indices {
      moments[channel].join(other.moments[channel])
      notFinite[channel] += other.notFinite[channel]
      constant[channel] += other.constant[channel]
    }
    failures += other.failures
  }
}
