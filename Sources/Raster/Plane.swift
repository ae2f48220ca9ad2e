/// A grey plane `[height, width]` of floats that can be changed in place, row by row from the top.
package final class Plane {
  /// Columns.
  package let width: Int
  /// Rows.
  package let height: Int
  /// The values, row by row.
  package let pixels: UnsafeMutablePointer<Float>

  /// A plane of zeros.
  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
    pixels = .allocate(capacity: width * height)
    pixels.initialize(repeating: 0, count: width * height)
  }

  deinit {
    pixels.deallocate()
  }

  /// The number of pixels.
  package var count: Int { width * height }

  /// Sets every pixel to 0.
  package func clear() {
    pixels.update(repeating: 0, count: count)
  }
}
