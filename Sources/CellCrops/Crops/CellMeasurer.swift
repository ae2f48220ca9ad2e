import Numerics
import Raster

/// Measures the nuclei of a field and says what is wrong with them.
struct CellMeasurer {
  let settings: CropSettings
  let field: FieldPlanes

  /// What is added up over the pixels of a nucleus.
  private struct Sums {
    var (x, y, area) = (0.0, 0.0, 0)
    var (protein, nucleus, sharpness, inner) = (0.0, 0.0, 0.0, 0)
    /// The nucleus above the background of the field; sums of it do not depend on an offset of the file.
    var light = 0.0
    var cut = false
  }

  /// Every nucleus, in the order of labels.
  func cells() -> [CellMeasurement] {
    let background = field.nucleus.percentiles(5, 50).lowerBound
    let sums = sums(background: background)
    let range = Double(field.nucleus.pixels.max() ?? 0) - Double(field.nucleus.pixels.min() ?? 0)
    func brightness(_ sum: Sums) -> Double { sum.light / Double(sum.area) }
    func focus(_ sum: Sums) -> Double {
      guard range > 0 else { return 0 }
      let mean = max(brightness(sum), 1e-9 * range)
      return sum.sharpness / Double(max(1, sum.inner)) / (mean * mean)
    }
    let typicalArea = Median.of(sums.map { Double($0.sum.area) })
    let typicalBrightness = Median.of(sums.map { brightness($0.sum) })
    let typicalFocus = Median.of(sums.map { focus($0.sum) })
    let noise = PixelNoise(field.protein)
    return sums.map { label, sum in
      let (column, row) = (sum.x / Double(sum.area), sum.y / Double(sum.area))
      let half = Double(settings.size - 1) / 2
      let (left, top) = (Int((column - half).rounded()), Int((row - half).rounded()))
      var flags: [CropFlag] = []
      if left < 0 || top < 0 || left + settings.size > field.width
        || top + settings.size > field.height
      {
        flags.append(.edge)
      }
      if sum.cut { flags.append(.cut) }
      if isSaturated(left: left, top: top) { flags.append(.saturated) }
      if focus(sum) < 0.5 * typicalFocus { flags.append(.blurred) }
      // Without any light at all, as where the channel is empty, half of the median is no less.
      if brightness(sum) <= 0 || brightness(sum) < 0.5 * typicalBrightness { flags.append(.dim) }
      if Double(sum.area) < 0.4 * typicalArea { flags.append(.debris) }
      if Double(sum.area) < typicalArea, brightness(sum) > 1.5 * typicalBrightness {
        flags.append(.mitotic)
      }
      if !flags.contains(.saturated),
        noise.explains(field.protein, left: left, top: top, size: settings.size)
      {
        flags.append(.empty)
      }
      let scale = Double(field.scale)
      return CellMeasurement(
        label: label, x: Float((column + 0.5) * scale - 0.5), y: Float((row + 0.5) * scale - 0.5),
        area: Int((Double(sum.area) * scale * scale).rounded()),
        nuclearProtein: Float(sum.protein / Double(sum.area) + field.protein.origin),
        intensity: Float(sum.nucleus / Double(sum.area) + field.nucleus.origin),
        focus: Float(focus(sum)), flags: flags,
        left: left, top: top)
    }
  }

  private func sums(background: Float) -> [(label: Int32, sum: Sums)] {
    let (width, height) = (field.width, field.height)
    let (protein, nucleus) = (field.protein.pixels, field.nucleus.pixels)
    // Labels of another tool may be any numbers; places are given as they come.
    var places: [Int32: Int] = [:]
    var sums: [(label: Int32, sum: Sums)] = []
    var (lastLabel, place): (Int32, Int) = (0, 0)
    for row in 0..<height {
      for column in 0..<width {
        let index = row * width + column
        let label = field.labels.labels[index]
        guard label > 0 else { continue }
        if label != lastLabel {
          lastLabel = label
          place = places[label] ?? sums.count
          if place == sums.count {
            places[label] = place
            sums.append((label, Sums()))
          }
        }
        sums[place].sum.x += Double(column)
        sums[place].sum.y += Double(row)
        sums[place].sum.area += 1
        sums[place].sum.protein += Double(protein[index])
        sums[place].sum.nucleus += Double(nucleus[index])
        sums[place].sum.light += Double(nucleus[index]) - Double(background)
        if row > 0, column > 0, row < height - 1, column < width - 1 {
          let around = [index - 1, index + 1, index - width, index + width]
            .reduce(0.0) { $0 + Double(nucleus[$1]) }
          let bend = 4 * Double(nucleus[index]) - around
          sums[place].sum.sharpness += bend * bend
          sums[place].sum.inner += 1
        } else {
          sums[place].sum.cut = true
        }
      }
    }
    return sums.sorted { $0.label < $1.label }
  }

  private func isSaturated(left: Int, top: Int) -> Bool {
    guard let ceiling = field.protein.ceiling else { return false }
    var (full, count) = (0, 0)
    for row in max(0, top)..<max(max(0, top), min(field.height, top + settings.size)) {
      for column in max(0, left)..<max(max(0, left), min(field.width, left + settings.size)) {
        if field.protein.pixels[row * field.width + column] >= ceiling { full += 1 }
        count += 1
      }
    }
    return full * 100 > count
  }
}
