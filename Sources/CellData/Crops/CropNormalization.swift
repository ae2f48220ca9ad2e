/// Scales one channel of one crop by its own brightness.
enum CropNormalization {
  /// One pixel in so many is brighter than what becomes 1: a hot pixel scales nothing.
  private static let rare = 1000

  /// Divides pixels by their 99.9th percentile, brighter ones becoming 1; an empty channel stays.
  static func apply(to pixels: UnsafeMutablePointer<Float>, count: Int) {
    let white = brightest(pixels, count: count, rank: count / rare + 1)
    guard white > 0 else { return }
    for index in 0..<count { pixels[index] = min(pixels[index] / white, 1) }
  }

  /// The `rank`-th largest pixel, counted from 1.
  private static func brightest(
    _ pixels: UnsafeMutablePointer<Float>, count: Int, rank: Int
  ) -> Float {
    // The largest so far, ascending; few pixels ever enter.
    var largest = [Float](repeating: -.infinity, count: rank)
    largest.withUnsafeMutableBufferPointer { largest in
      for index in 0..<count where pixels[index] > largest[0] {
        var place = 0
        while place + 1 < rank, largest[place + 1] < pixels[index] {
          largest[place] = largest[place + 1]
          place += 1
        }
        largest[place] = pixels[index]
      }
    }
    return largest[0]
  }
}
