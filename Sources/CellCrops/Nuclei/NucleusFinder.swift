import COpenCV
public import Raster

/// Finds nuclei in the nuclear channel of a field and gives each a label.
///
/// The background is taken off, the picture smoothed and cut at a threshold; nuclei that touch are
/// split where the distance to the background has a neck or a dark line runs between them.
public struct NucleusFinder: Sendable {
  /// How nuclei are found.
  public var settings: NucleusSettings

  /// A finder of these settings.
  public init(_ settings: NucleusSettings = NucleusSettings()) {
    self.settings = settings
  }

  /// The nuclei of a field, numbered from 1 in the order of their first pixels.
  public func find(in image: GrayImage) -> LabelMask {
    let plane = Plane(image)
    plane.normalize()
    let diameter = max(3, settings.diameter)
    plane.smooth(sigma: max(0.6, diameter / 30))
    Background.subtract(from: plane, diameter: diameter)
    var mask = foreground(plane, diameter: diameter)
    fillHoles(&mask, width: image.width, height: image.height, largest: diameter * diameter * 0.2)
    removeTails(&mask, width: image.width, height: image.height, radius: Int(0.1 * diameter))
    let depths = depths(of: mask, in: plane, diameter: diameter)
    var labels = Watershed.label(
      depths: depths, width: image.width, height: image.height,
      neck: max(0.6, 0.035 * diameter))
    keepBySize(&labels, diameter: diameter)
    return LabelMask(width: image.width, height: image.height, labels: labels)
  }

  private func foreground(_ plane: Plane, diameter: Float) -> [Bool] {
    // On the square root of brightness dim nuclei weigh as much as bright ones.
    for index in 0..<plane.count { plane.pixels[index] = max(0, plane.pixels[index]).squareRoot() }
    let values = UnsafeBufferPointer(start: plane.pixels, count: plane.count)
    let found = settings.threshold == .li ? Threshold.li(values) : Threshold.otsu(values)
    guard let found else { return [Bool](repeating: false, count: plane.count) }
    let threshold = found * settings.sensitivity.squareRoot()
    var mask = values.map { $0 > threshold }
    if settings.threshold == .local {
      let mean = plane.copy()
      mean.average(radius: Int(diameter))
      for index in mask.indices where mask[index] {
        mask[index] = plane.pixels[index] > mean.pixels[index] * 0.95
      }
    }
    return mask
  }

  /// Fills holes of at most `largest` pixels: nucleoli, and folds of the stain.
  private func fillHoles(_ mask: inout [Bool], width: Int, height: Int, largest: Float) {
    let background = mask.map { $0 ? 0 : 1 as UInt8 }
    var regions = [Int32](repeating: 0, count: mask.count)
    let count = ccv_regions(background, Int32(width), Int32(height), &regions)
    precondition(count >= 0, "OpenCV fails on masks of sound sizes only when memory runs out.")
    var areas = [Int](repeating: 0, count: Int(count) + 1)
    for region in regions { areas[Int(region)] += 1 }
    var isHole = areas.map { Float($0) <= largest }
    // What reaches the edge of the field is no hole, and neither are the nuclei, region 0.
    isHole[0] = false
    for column in 0..<width {
      isHole[Int(regions[column])] = false
      isHole[Int(regions[(height - 1) * width + column])] = false
    }
    for row in 0..<height {
      isHole[Int(regions[row * width])] = false
      isHole[Int(regions[row * width + width - 1])] = false
    }
    for (index, region) in regions.enumerated() where isHole[Int(region)] { mask[index] = true }
  }

  /// Removes what is narrower than 2 x `radius` + 1 pixels: haze and debris that hang on nuclei.
  private func removeTails(_ mask: inout [Bool], width: Int, height: Int, radius: Int) {
    guard radius > 0 else { return }
    var bytes = mask.map { $0 ? 1 : 0 as UInt8 }
    let done = ccv_open_mask(&bytes, Int32(width), Int32(height), Int32(radius))
    precondition(done, "OpenCV fails on masks of sound sizes only when memory runs out.")
    for index in mask.indices { mask[index] = bytes[index] != 0 }
  }

  /// How deep every pixel lies in the mask, less where it is darker than the pixels around; 0 outside.
  ///
  /// Light that nuclei scatter may close the gap between them, and the mask then has no neck; but the
  /// gap stays darker than both. Square roots, which `plane` holds, weigh dim and bright nuclei alike.
  private func depths(of mask: [Bool], in plane: Plane, diameter: Float) -> [Float] {
    let distances = DistanceMap.depths(mask, width: plane.width, height: plane.height)
    let depth = Plane(width: plane.width, height: plane.height)
    distances.withUnsafeBufferPointer { values in
      if let base = values.baseAddress { depth.pixels.update(from: base, count: depth.count) }
    }
    depth.smooth(sigma: max(0.5, diameter / 40))
    plane.smooth(sigma: max(0.5, diameter / 15))
    let brightest = plane.copy()
    brightest.dilate(radius: max(1, Int(0.12 * diameter)))
    return mask.indices.map { index in
      guard mask[index] else { return 0 }
      let share = plane.pixels[index] / max(brightest.pixels[index], 1e-6)
      return max(1e-3, depth.pixels[index] * share)
    }
  }

  /// Drops what is too small or too large and numbers the rest anew.
  private func keepBySize(_ labels: inout [Int32], diameter: Float) {
    var areas = [Int](repeating: 0, count: Int(labels.max() ?? 0) + 1)
    for label in labels { areas[Int(label)] += 1 }
    let disc = Float.pi / 4 * diameter * diameter
    var numbers = [Int32](repeating: -1, count: areas.count)
    numbers[0] = 0
    var next: Int32 = 0
    for index in labels.indices {
      let label = Int(labels[index])
      if numbers[label] < 0 {
        let area = Float(areas[label])
        if area < settings.smallest * disc || area > settings.largest * disc {
          numbers[label] = 0
        } else {
          next += 1
          numbers[label] = next
        }
      }
      labels[index] = numbers[label]
    }
  }
}
