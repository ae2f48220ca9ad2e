/// The slow change of brightness below everything else, and its removal.
enum Background {
  /// Takes the background off a picture with objects of `diameter` pixels.
  ///
  /// The background is a grey opening (smallest, then largest value in a window wider than an object)
  /// at low resolution, smoothed.
  static func subtract(from plane: Plane, diameter: Float) {
    let step = max(1, Int(diameter / 8))
    let small = Plane(
      width: (plane.width + step - 1) / step, height: (plane.height + step - 1) / step)
    let scratch = Plane(width: small.width, height: small.height)
    for row in 0..<small.height {
      for column in 0..<small.width {
        var (sum, count): (Float, Float) = (0, 0)
        for y in (row * step)..<min(plane.height, (row + 1) * step) {
          for x in (column * step)..<min(plane.width, (column + 1) * step) {
            sum += plane.pixels[y * plane.width + x]
            count += 1
          }
        }
        small.pixels[row * small.width + column] = sum / count
      }
    }
    // A cluster of nuclei is wider than one; the window must reach over it.
    let radius = max(1, Int(1.6 * diameter) / step)
    filter(small, scratch, radius: radius) { min($0, $1) }
    filter(small, scratch, radius: radius) { max($0, $1) }
    small.blur(sigma: max(0.5, Float(radius) / 2), scratch: scratch)
    for row in 0..<plane.height {
      let y = min(max((Float(row) + 0.5) / Float(step) - 0.5, 0), Float(small.height - 1))
      let top = Int(y)
      let next = min(top + 1, small.height - 1)
      let down = y - Float(top)
      for column in 0..<plane.width {
        let x = min(max((Float(column) + 0.5) / Float(step) - 0.5, 0), Float(small.width - 1))
        let left = Int(x)
        let right = min(left + 1, small.width - 1)
        let across = x - Float(left)
        let (a, b) = (
          small.pixels[top * small.width + left], small.pixels[top * small.width + right]
        )
        let (c, d) = (
          small.pixels[next * small.width + left], small.pixels[next * small.width + right]
        )
        let upper = a + (b - a) * across
        let lower = c + (d - c) * across
        plane.pixels[row * plane.width + column] -= upper + (lower - upper) * down
      }
    }
  }

  /// The smallest or largest value in a square window, rows first and then columns.
  private static func filter(
    _ plane: Plane, _ scratch: Plane, radius: Int, _ pick: (Float, Float) -> Float
  ) {
    let (width, height) = (plane.width, plane.height)
    for row in 0..<height {
      for column in 0..<width {
        var value = plane.pixels[row * width + column]
        for x in max(0, column - radius)...min(width - 1, column + radius) {
          value = pick(value, plane.pixels[row * width + x])
        }
        scratch.pixels[row * width + column] = value
      }
    }
    for row in 0..<height {
      for column in 0..<width {
        var value = scratch.pixels[row * width + column]
        for y in max(0, row - radius)...min(height - 1, row + radius) {
          value = pick(value, scratch.pixels[y * width + column])
        }
        plane.pixels[row * width + column] = value
      }
    }
  }
}
