import Foundation

/// Smooths an image by a Gaussian cut at four standard deviations; at the edge it is mirrored.
struct GaussianSmoothing {
  let height: Int
  let width: Int

  /// The smoothed image, [height, width].
  func callAsFunction(_ image: [Double], sigma: Double) -> [Double] {
    let radius = Int(4 * sigma + 0.5)
    var weights = (-radius...radius).map { exp(-0.5 * Double($0 * $0) / (sigma * sigma)) }
    let sum = weights.reduce(0, +)
    for index in weights.indices { weights[index] /= sum }
    let columns = pass(
      image, lines: width, lineStride: 1, count: height, stride: width, weights: weights)
    return pass(
      columns, lines: height, lineStride: width, count: width, stride: 1, weights: weights)
  }

  /// One direction: `lines` lines, each of `count` values `stride` apart.
  private func pass(
    _ image: [Double], lines: Int, lineStride: Int, count: Int, stride: Int, weights: [Double]
  ) -> [Double] {
    let radius = weights.count / 2
    let places = (-radius..<count + radius).map { Self.mirrored($0, count) * stride }
    var result = [Double](repeating: 0, count: image.count)
    var line = [Double](repeating: 0, count: places.count)
    for start in Swift.stride(from: 0, to: lines * lineStride, by: lineStride) {
      for (index, place) in places.enumerated() { line[index] = image[start + place] }
      for index in 0..<count {
        var sum = 0.0
        for offset in weights.indices { sum += weights[offset] * line[index + offset] }
        result[start + index * stride] = sum
      }
    }
    return result
  }

  /// The place in 0..<count that a place outside mirrors, the edge pixel being repeated.
  private static func mirrored(_ place: Int, _ count: Int) -> Int {
    let period = 2 * count
    let inside = ((place % period) + period) % period
    return inside < count ? inside : period - 1 - inside
  }
}
