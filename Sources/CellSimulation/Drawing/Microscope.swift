import Foundation
import Numerics
import Raster

/// Turns drawn brightness into what a camera behind a microscope records, and that into 0 to 1.
enum Microscope {
  /// Blurs `picture` as the optics do: the point spread function, and a halo from other planes.
  static func focus(
    _ picture: Plane, blur: Float, halo: Float, haloWidth: Float, scratch: Plane
  ) {
    picture.addHalo(share: halo, sigma: haloWidth)
    picture.blur(sigma: blur, scratch: scratch)
  }

  /// Exposes the middle of `picture` (a border of `margin` pixels left out): photons under the
  /// field's light, background, shot noise and read noise, in photo-electrons.
  static func expose(
    _ picture: Plane, margin: Int, photons: Float, background: Float,
    light: (_ column: Int, _ row: Int) -> Float, readNoise: Float,
    using random: inout SplitMix64, into electrons: UnsafeMutableBufferPointer<Float>
  ) {
    let width = picture.width - 2 * margin
    let height = picture.height - 2 * margin
    for row in 0..<height {
      let line = picture.pixels + (row + margin) * picture.width + margin
      // The light changes so slowly that its two ends give it along a row.
      let first = light(0, row)
      let slope = (light(width - 1, row) - first) / Float(max(1, width - 1))
      for column in 0..<width {
        let lamp = first + slope * Float(column)
        let mean = (photons * line[column] + background) * lamp
        electrons[row * width + column] = random.poisson(mean) + readNoise * random.steppedNormal()
      }
    }
  }

  /// Scales a recording to 0 to 1 between its own low and high percentiles (0.5 % and 99.97 %), but
  /// never stretches a range narrower than `least`, so that an empty picture stays dark.
  /// - Returns: The low and the high value.
  static func normalize(
    _ values: UnsafeMutableBufferPointer<Float>, least: Float
  ) -> (low: Float, high: Float) {
    var smallest = Float.infinity
    var largest = -Float.infinity
    for value in values {
      smallest = min(smallest, value)
      largest = max(largest, value)
    }
    let bins = 2048
    let step = max(largest - smallest, 1e-6) / Float(bins)
    let inverse = 1 / step
    let (low, high) = withUnsafeTemporaryAllocation(of: Int32.self, capacity: bins) { counts in
      counts.initialize(repeating: 0)
      for value in values {
        counts[min(bins - 1, Int((value - smallest) * inverse))] += 1
      }
      var below = Int32(Float(values.count) * 0.005)
      var first = 0
      while first < bins - 1, below >= counts[first] {
        below -= counts[first]
        first += 1
      }
      var above = Int32(Float(values.count) * 0.0003)
      var last = bins - 1
      while last > first, above >= counts[last] {
        above -= counts[last]
        last -= 1
      }
      return (smallest + Float(first) * step, smallest + Float(last + 1) * step)
    }
    let top = max(high, low + least)
    let factor = 1 / (top - low)
    for index in values.indices { values[index] = min(1, max(0, (values[index] - low) * factor)) }
    return (low, top)
  }
}
