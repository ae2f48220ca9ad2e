import Foundation

/// A grey picture `[height, width]` of floats that is drawn into, row by row from the top.
final class Plane {
  let width: Int
  let height: Int
  let pixels: UnsafeMutablePointer<Float>

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    pixels = .allocate(capacity: width * height)
    pixels.initialize(repeating: 0, count: width * height)
  }

  deinit {
    pixels.deallocate()
  }

  var count: Int { width * height }

  func clear() {
    pixels.update(repeating: 0, count: count)
  }

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

  /// Blurs by a Gaussian of standard deviation `sigma` pixels; beyond the edge the edge goes on.
  func blur(sigma: Float, scratch: Plane) {
    let radius = max(1, Int((3 * sigma).rounded(.up)))
    var kernel = (0...radius).map { exp(-0.5 * Float($0 * $0) / (sigma * sigma)) }
    let sum = kernel.reduce(0) { $0 + 2 * $1 } - kernel[0]
    for index in kernel.indices { kernel[index] /= sum }
    kernel.withUnsafeBufferPointer { kernel in
      for row in 0..<height {
        let line = pixels + row * width
        let out = scratch.pixels + row * width
        for column in 0..<width { out[column] = kernel[0] * line[column] }
        for tap in 1...radius where tap < width {
          let weight = kernel[tap]
          for column in 0..<tap { out[column] += weight * line[0] }
          for column in tap..<width { out[column] += weight * line[column - tap] }
          for column in 0..<(width - tap) { out[column] += weight * line[column + tap] }
          for column in (width - tap)..<width { out[column] += weight * line[width - 1] }
        }
      }
      for row in 0..<height {
        let out = pixels + row * width
        let middle = scratch.pixels + row * width
        for column in 0..<width { out[column] = kernel[0] * middle[column] }
        for tap in 1...radius {
          let weight = kernel[tap]
          let above = scratch.pixels + max(0, row - tap) * width
          let below = scratch.pixels + min(height - 1, row + tap) * width
          for column in 0..<width { out[column] += weight * (above[column] + below[column]) }
        }
      }
    }
  }

  /// Moves a share of the light into a wide halo of standard deviation `sigma` pixels (at a quarter
  /// of the resolution, which such a blur does not show).
  func addHalo(share: Float, sigma: Float) {
    let small = Plane(width: (width + 3) / 4, height: (height + 3) / 4)
    let scratch = Plane(width: small.width, height: small.height)
    for row in 0..<height {
      let line = pixels + row * width
      let out = small.pixels + (row / 4) * small.width
      for column in 0..<width { out[column >> 2] += line[column] }
    }
    for row in 0..<small.height {
      let rows = min(4, height - row * 4)
      for column in 0..<small.width {
        let columns = min(4, width - column * 4)
        small.pixels[row * small.width + column] /= Float(rows * columns)
      }
    }
    small.blur(sigma: max(0.5, sigma / 4), scratch: scratch)
    for row in 0..<height {
      let y = min(max((Float(row) - 1.5) / 4, 0), Float(small.height - 1))
      let top = min(Int(y), max(0, small.height - 2))
      let down = y - Float(top)
      let first = small.pixels + top * small.width
      let second = small.pixels + min(top + 1, small.height - 1) * small.width
      let line = pixels + row * width
      for column in 0..<width {
        let x = min(max((Float(column) - 1.5) / 4, 0), Float(small.width - 1))
        let left = min(Int(x), max(0, small.width - 2))
        let next = min(left + 1, small.width - 1)
        let right = x - Float(left)
        let upper = first[left] + (first[next] - first[left]) * right
        let lower = second[left] + (second[next] - second[left]) * right
        line[column] = (1 - share) * line[column] + share * (upper + (lower - upper) * down)
      }
    }
  }
}

/// `exp(-square / 2)` from a table, for drawing spots.
enum BellCurve {
  nonisolated(unsafe) private static let table: UnsafePointer<Float> = {
    let values = UnsafeMutablePointer<Float>.allocate(capacity: 1025)
    for index in 0...1024 { values[index] = exp(-0.5 * Float(index) / 128) }
    return UnsafePointer(values)
  }()

  /// The value for `square` from 0 to 8; beyond it is 0.
  @inline(__always)
  static func value(_ square: Float) -> Float {
    square >= 8 ? 0 : table[Int(square * 128)]
  }
}
