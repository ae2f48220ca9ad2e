import Raster

/// The slow change of brightness below everything else, and its removal.
enum Background {
  /// Takes the background off a picture with objects of `diameter` pixels.
  ///
  /// The background is a grey opening (smallest, then largest value in a window wider than an object)
  /// at low resolution, smoothed.
  static func subtract(from plane: Plane, diameter: Float) {
    let step = max(1, Int(diameter / 8))
    let small = plane.resized(
      width: (plane.width + step - 1) / step, height: (plane.height + step - 1) / step)
    // A cluster of nuclei is wider than one; the window must reach over it.
    let radius = max(1, Int(1.6 * diameter) / step)
    small.open(radius: radius)
    small.smooth(sigma: max(0.5, Float(radius) / 2))
    let background = small.resized(width: plane.width, height: plane.height)
    for index in 0..<plane.count { plane.pixels[index] -= background.pixels[index] }
  }
}
