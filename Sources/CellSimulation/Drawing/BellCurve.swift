import Foundation

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
