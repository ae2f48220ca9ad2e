import Foundation

/// Finds nuclei in the nuclear channel of a field and gives each a label.
///
/// The background is taken off, the picture smoothed and cut at a threshold; nuclei that touch are
/// split where the distance to the background has a neck.
public struct NucleusFinder: Sendable {
  /// How nuclei are found.
  public var settings: NucleusSettings

  /// A finder of these settings.
  public init(_ settings: NucleusSettings = NucleusSettings()) {
    self.settings = settings
  }

  /// The nuclei of a field, numbered from 1 in the order of their first pixels.
  public func find(in image: GrayImage) -> LabelMask {
    let plane = Plane(width: image.width, height: image.height)
    let scratch = Plane(width: image.width, height: image.height)
    image.pixels.withUnsafeBufferPointer { pixels in
      if let base = pixels.baseAddress { plane.pixels.update(from: base, count: plane.count) }
    }
    let diameter = max(3, settings.diameter)
    plane.blur(sigma: max(0.6, diameter / 30), scratch: scratch)
    Background.subtract(from: plane, diameter: diameter)
    var mask = foreground(plane, diameter: diameter, scratch: scratch)
    fillHoles(&mask, width: image.width, height: image.height, largest: diameter * diameter * 0.2)
    let depths = depths(of: mask, width: image.width, height: image.height, scratch: scratch)
    var labels = Watershed.label(
      depths: depths, width: image.width, height: image.height,
      neck: max(0.6, 0.035 * diameter))
    keepBySize(&labels, diameter: diameter)
    return LabelMask(width: image.width, height: image.height, labels: labels)
  }

  private func foreground(_ plane: Plane, diameter: Float, scratch: Plane) -> [Bool] {
    // On the square root of brightness dim nuclei weigh as much as bright ones.
    for index in 0..<plane.count { plane.pixels[index] = max(0, plane.pixels[index]).squareRoot() }
    let values = UnsafeBufferPointer(start: plane.pixels, count: plane.count)
    let found = settings.threshold == .li ? Threshold.li(values) : Threshold.otsu(values)
    guard let found else { return [Bool](repeating: false, count: plane.count) }
    let threshold = found * settings.sensitivity.squareRoot()
    var mask = values.map { $0 > threshold }
    if settings.threshold == .local {
      let mean = Plane(width: plane.width, height: plane.height)
      mean.pixels.update(from: plane.pixels, count: plane.count)
      mean.addHalo(share: 1, sigma: diameter)
      for index in mask.indices where mask[index] {
        mask[index] = plane.pixels[index] > mean.pixels[index] * 0.95
      }
    }
    return mask
  }

  /// Fills holes of at most `largest` pixels: nucleoli, and folds of the stain.
  private func fillHoles(_ mask: inout [Bool], width: Int, height: Int, largest: Float) {
    var seen = mask
    var stack: [Int] = []
    var region: [Int] = []
    for start in mask.indices where !seen[start] {
      seen[start] = true
      stack.append(start)
      region.removeAll(keepingCapacity: true)
      var open = false
      while let index = stack.popLast() {
        if Float(region.count) <= largest { region.append(index) }
        let (column, row) = (index % width, index / width)
        if column == 0 || row == 0 || column == width - 1 || row == height - 1 { open = true }
        func visit(_ next: Int) {
          if !seen[next] {
            seen[next] = true
            stack.append(next)
          }
        }
        if column > 0 { visit(index - 1) }
        if column < width - 1 { visit(index + 1) }
        if row > 0 { visit(index - width) }
        if row < height - 1 { visit(index + width) }
      }
      if !open, Float(region.count) <= largest {
        for index in region { mask[index] = true }
      }
    }
  }

  /// The depth of every pixel in the mask, slightly smoothed; 0 outside.
  private func depths(of mask: [Bool], width: Int, height: Int, scratch: Plane) -> [Float] {
    let distances = DistanceMap.signed(mask, width: width, height: height)
    let plane = Plane(width: width, height: height)
    for index in mask.indices { plane.pixels[index] = max(0, -distances[index]) }
    plane.blur(sigma: max(0.5, settings.diameter / 40), scratch: scratch)
    return mask.indices.map { mask[$0] ? max(1e-3, plane.pixels[$0]) : 0 }
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
