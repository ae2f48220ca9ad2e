import Numerics

/// Smooth random pictures, from one table of random numbers and an offset per cell or crop.
///
/// `value` is value noise (Perlin's lattice idea with plain values); `network` follows Worley
/// (1996, doi:10.1145/237170.237267): the borders between the cells of random points.
struct LatticeNoise {
  private static let side = 128

  nonisolated(unsafe) private static let table: UnsafePointer<Float> = {
    let values = UnsafeMutablePointer<Float>.allocate(capacity: side * side)
    var random = SplitMix64(seed: 0x6C61_7474)
    for index in 0..<(side * side) { values[index] = random.uniform() }
    return UnsafePointer(values)
  }()

  private let numbers: UnsafePointer<Float>
  private let shiftX: Float
  private let shiftY: Float

  init(using random: inout SplitMix64) {
    numbers = Self.table
    shiftX = random.uniform(1_000, 4_000)
    shiftY = random.uniform(1_000, 4_000)
  }

  @inline(__always)
  private func number(_ x: Int, _ y: Int) -> Float {
    numbers[(y & 127) << 7 | (x & 127)]
  }

  /// Smooth noise from 0 to 1 with bumps about one unit wide.
  @inline(__always)
  func value(_ x: Float, _ y: Float) -> Float {
    let x = x + shiftX
    let y = y + shiftY
    let column = Int(x)
    let row = Int(y)
    let u = x - Float(column)
    let v = y - Float(row)
    let right = u * u * (3 - 2 * u)
    let down = v * v * (3 - 2 * v)
    let upper = number(column, row) + (number(column + 1, row) - number(column, row)) * right
    let lower =
      number(column, row + 1) + (number(column + 1, row + 1) - number(column, row + 1)) * right
    return upper + (lower - upper) * down
  }

  /// The distances to the nearest and second nearest of random points, one per unit square; their
  /// difference is near 0 along a net of meshes one unit wide.
  @inline(__always)
  func nearestPoints(_ x: Float, _ y: Float) -> (first: Float, second: Float) {
    let x = x + shiftX
    let y = y + shiftY
    let column = Int(x)
    let row = Int(y)
    let u = x - Float(column)
    let v = y - Float(row)
    var first: Float = 9
    var second: Float = 9
    for down in -1...1 {
      for right in -1...1 {
        let one = number(column + right, row + down)
        let two = number(column + right + 61, row + down + 37)
        let dx = Float(right) + one - u
        let dy = Float(down) + two - v
        let square = dx * dx + dy * dy
        second = min(second, max(first, square))
        first = min(first, square)
      }
    }
    return (first.squareRoot(), second.squareRoot())
  }
}
