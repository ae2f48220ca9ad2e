package import Raster

/// Slices that become one plane, added one after the other.
package struct SliceProjection {
  private let projection: ImageStack.Projection
  private var sum: GrayImage?
  private var count = 0

  /// An empty projection.
  package init(_ projection: ImageStack.Projection) { self.projection = projection }

  /// Adds a slice; all must be of one size.
  package mutating func add(_ slice: GrayImage) {
    count += 1
    guard var image = sum else {
      sum = slice
      return
    }
    // The one that needs an origin keeps it.
    let origin = abs(slice.origin) > abs(image.origin) ? slice.origin : image.origin
    image = image.counted(from: origin)
    let slice = slice.counted(from: origin)
    precondition(
      image.width == slice.width && image.height == slice.height, "Slices must be of one size.")
    sum = nil
    if projection == .mean {
      for index in image.pixels.indices { image.pixels[index] += slice.pixels[index] }
    } else {
      for index in image.pixels.indices where slice.pixels[index] > image.pixels[index] {
        image.pixels[index] = slice.pixels[index]
      }
    }
    sum = image
  }

  /// The plane that the slices became.
  package var image: GrayImage {
    guard var image = sum else { preconditionFailure("A projection needs a slice.") }
    if projection == .mean, count > 1 {
      let factor = 1 / Float(count)
      for index in image.pixels.indices { image.pixels[index] *= factor }
    }
    return image
  }
}
