import Foundation

/// Histograms of uniform local binary patterns (Ojala, Pietikäinen and Mäenpää, 2002).
///
/// Each pixel is compared with eight points on a circle around it, interpolated between pixels, those
/// outside the image being 0. Up to two changes around the circle give the number of points that are
/// as bright as the pixel, 0 to 8; more give 9. The changes are counted from the first point to the
/// last, as scikit-image does.
struct LocalBinaryPattern {
  let height: Int
  let width: Int

  private static let points = 8

  /// The shares of the ten patterns, [10].
  func histogram(_ image: [Double], radius: Int) -> [Double] {
    let circle = (0..<Self.points).map { point in
      let angle = 2 * Double.pi * Double(point) / Double(Self.points)
      return Offset(
        row: Self.rounded(-Double(radius) * sin(angle)),
        column: Self.rounded(Double(radius) * cos(angle)))
    }
    var counts = [Int](repeating: 0, count: Self.points + 2)
    var isAsBright = [Bool](repeating: false, count: Self.points)
    image.withUnsafeBufferPointer { pixels in
      for row in 0..<height {
        for column in 0..<width {
          let center = pixels[row * width + column]
          for (point, offset) in circle.enumerated() {
            isAsBright[point] = value(pixels, row, column, offset) >= center
          }
          var changes = 0
          for point in 1..<Self.points where isAsBright[point] != isAsBright[point - 1] {
            changes += 1
          }
          counts[changes <= 2 ? isAsBright.count { $0 } : Self.points + 1] += 1
        }
      }
    }
    return counts.map { Double($0) / Double(image.count) }
  }

  /// A point of the circle as whole pixels and the rest.
  private struct Offset {
    let row: Int
    let column: Int
    let lower: Double
    let right: Double

    init(row: Double, column: Double) {
      self.row = Int(row.rounded(.down))
      self.column = Int(column.rounded(.down))
      lower = row - row.rounded(.down)
      right = column - column.rounded(.down)
    }
  }

  private func value(
    _ pixels: UnsafeBufferPointer<Double>, _ row: Int, _ column: Int, _ offset: Offset
  ) -> Double {
    let (y, x) = (row + offset.row, column + offset.column)
    // The far pixels are the same as the near ones where the point lies on a pixel.
    let (yy, xx) = (offset.lower > 0 ? y + 1 : y, offset.right > 0 ? x + 1 : x)
    let top =
      (1 - offset.right) * pixel(pixels, y, x) + offset.right * pixel(pixels, y, xx)
    let bottom =
      (1 - offset.right) * pixel(pixels, yy, x) + offset.right * pixel(pixels, yy, xx)
    return (1 - offset.lower) * top + offset.lower * bottom
  }

  private func pixel(_ pixels: UnsafeBufferPointer<Double>, _ row: Int, _ column: Int) -> Double {
    row >= 0 && row < height && column >= 0 && column < width ? pixels[row * width + column] : 0
  }

  /// Five decimals, so that points meant to lie on a pixel do.
  private static func rounded(_ value: Double) -> Double {
    (value * 1e5).rounded() / 1e5
  }
}
