/// A rectangle on a page, in points from the upper left corner.
package struct Frame: Sendable, Equatable {
  package var x: Double
  package var y: Double
  package var width: Double
  package var height: Double

  package init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  var right: Double { x + width }
  var bottom: Double { y + height }

  func contains(_ pointX: Double, _ pointY: Double) -> Bool {
    pointX >= x && pointX <= right && pointY >= y && pointY <= bottom
  }

  func intersects(_ other: Frame) -> Bool {
    x < other.right && other.x < right && y < other.bottom && other.y < bottom
  }
}

/// Where text stands relative to its point.
enum TextAlignment: String { case left, center, right }
