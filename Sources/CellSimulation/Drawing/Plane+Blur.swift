import Foundation
import Raster

/// Blurs that turn a drawing into what a microscope shows.
extension Plane {
  /// Blurs by a Gaussian of standard deviation `sigma` pixels; beyond the edge the nearest pixel is repeated.
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
