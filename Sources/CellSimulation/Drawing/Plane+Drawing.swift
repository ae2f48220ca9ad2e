import Raster

/// Spots and ellipses, drawn between pixels.
extension Plane {
  /// The pixel nearest to a place, or nil outside the picture.
  @inline(__always)
  func index(_ x: Float, _ y: Float) -> Int? {
    guard x > -0.5, y > -0.5, x < Float(width) - 0.5, y < Float(height) - 0.5 else { return nil }
    return Int(y + 0.5) * width + Int(x + 0.5)
  }

  /// Adds `amount` at a place between pixels, shared among the four around it.
  @inline(__always)
  func deposit(_ x: Float, _ y: Float, _ amount: Float) {
    guard x >= 0, y >= 0, x < Float(width - 1), y < Float(height - 1) else { return }
    let column = Int(x)
    let row = Int(y)
    let right = x - Float(column)
    let down = y - Float(row)
    let corner = pixels + row * width + column
    corner[0] += amount * (1 - right) * (1 - down)
    corner[1] += amount * right * (1 - down)
    corner[width] += amount * (1 - right) * down
    corner[width + 1] += amount * right * down
  }

  /// Draws a round spot of standard deviation `sigma`: where it is brighter than what is there, it
  /// replaces it, so that overlapping spots of a stroke make an even tube.
  @inline(__always)
  func spot(_ x: Float, _ y: Float, sigma: Float, amount: Float) {
    ellipse(x, y, sigma, sigma, 1, 0, amount: amount, hardness: 0)
  }

  /// Draws an elliptic spot along the direction (`cosine`, `sine`); `hardness` 0 is a Gaussian, 1 a
  /// disc with soft rim.
  @inline(__always)
  func ellipse(
    _ x: Float, _ y: Float, _ along: Float, _ across: Float, _ cosine: Float, _ sine: Float,
    amount: Float, hardness: Float
  ) {
    let reach = 2.6 * max(along, across)
    let left = max(0, Int((x - reach).rounded(.up)))
    let right = min(width - 1, Int((x + reach).rounded(.down)))
    let top = max(0, Int((y - reach).rounded(.up)))
    let bottom = min(height - 1, Int((y + reach).rounded(.down)))
    guard left <= right, top <= bottom else { return }
    let inverseAlong = 1 / along
    let inverseAcross = 1 / across
    for row in top...bottom {
      let line = pixels + row * width
      let dy = Float(row) - y
      for column in left...right {
        let dx = Float(column) - x
        let u = (dx * cosine + dy * sine) * inverseAlong
        let v = (dy * cosine - dx * sine) * inverseAcross
        let square = u * u + v * v
        guard square < 6.75 else { continue }
        let value: Float
        if hardness == 0 {
          value = amount * BellCurve.value(square)
        } else {
          value = amount * min(1, max(0, (1.6 - square.squareRoot()) / (1.6 - hardness)))
        }
        if value > line[column] { line[column] = value }
      }
    }
  }
}
