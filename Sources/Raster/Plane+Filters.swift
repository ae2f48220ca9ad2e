import COpenCV

/// OpenCV's filters on planes.
extension Plane {
  /// A plane with the values of an image.
  package convenience init(_ image: GrayImage) {
    self.init(width: image.width, height: image.height)
    image.pixels.withUnsafeBufferPointer { values in
      if let base = values.baseAddress { pixels.update(from: base, count: count) }
    }
  }

  /// Counts the values from the smallest, and multiplies them by the power of 4 that brings the largest
  /// near 1, so that what follows sees neither the offset nor the unit of a file.
  package func normalize() {
    let values = UnsafeBufferPointer(start: pixels, count: count)
    guard let low = values.min(), let high = values.max(), high > low else { return clear() }
    // Powers of 4 and their square roots multiply without rounding.
    let exponent = (high - low).exponent / 2 * 2
    let (half, rest) = (-exponent / 2, -exponent - -exponent / 2)
    let first = Float(sign: .plus, exponent: half, significand: 1)
    let second = Float(sign: .plus, exponent: rest, significand: 1)
    for index in 0..<count { pixels[index] = (pixels[index] - low) * first * second }
  }

  /// A plane with the same values.
  package func copy() -> Plane {
    let plane = Plane(width: width, height: height)
    plane.pixels.update(from: pixels, count: count)
    return plane
  }

  /// Smooths by a Gaussian of standard deviation `sigma` pixels; beyond the edge the nearest pixel is repeated.
  package func smooth(sigma: Float) {
    Self.check(ccv_smooth(pixels, Int32(width), Int32(height), Double(sigma)))
  }

  /// Takes away what is brighter than its surroundings and narrower than 2 x `radius` + 1 pixels.
  package func open(radius: Int) {
    Self.check(ccv_open(pixels, Int32(width), Int32(height), Int32(radius)))
  }

  /// Replaces each value by the largest of the 2 x `radius` + 1 pixels around it in both directions.
  package func dilate(radius: Int) {
    Self.check(ccv_dilate(pixels, Int32(width), Int32(height), Int32(radius)))
  }

  /// Replaces each value by the mean of the 2 x `radius` + 1 pixels around it in both directions.
  package func average(radius: Int) {
    Self.check(ccv_mean(pixels, Int32(width), Int32(height), Int32(radius)))
  }

  /// The plane in another size.
  package func resized(width newWidth: Int, height newHeight: Int) -> Plane {
    let plane = Plane(width: newWidth, height: newHeight)
    Self.check(
      ccv_resize(
        pixels, Int32(width), Int32(height), plane.pixels, Int32(newWidth), Int32(newHeight)))
    return plane
  }

  private static func check(_ done: Bool) {
    precondition(done, "OpenCV fails on planes of sound sizes only when memory runs out.")
  }
}

extension GrayImage {
  /// The image in another size: means of pixels when it shrinks, linear between them when it grows.
  package func resized(width newWidth: Int, height newHeight: Int) -> GrayImage {
    guard newWidth != width || newHeight != height else { return self }
    let plane = Plane(self).resized(width: newWidth, height: newHeight)
    return GrayImage(
      width: newWidth, height: newHeight,
      pixels: Array(UnsafeBufferPointer(start: plane.pixels, count: plane.count)),
      ceiling: ceiling, floor: floor, origin: origin)
  }
}

extension LabelMask {
  /// The mask in another size, each pixel with the label nearest to it.
  package func resized(width newWidth: Int, height newHeight: Int) -> LabelMask {
    guard newWidth != width || newHeight != height else { return self }
    let columns = (0..<newWidth).map { min(width - 1, (2 * $0 + 1) * width / (2 * newWidth)) }
    var result = [Int32]()
    result.reserveCapacity(newWidth * newHeight)
    for row in 0..<newHeight {
      let start = min(height - 1, (2 * row + 1) * height / (2 * newHeight)) * width
      for column in columns { result.append(labels[start + column]) }
    }
    return LabelMask(width: newWidth, height: newHeight, labels: result)
  }
}
