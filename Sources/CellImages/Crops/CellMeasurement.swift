/// A cell found in a field, with what was measured on it.
public struct CellMeasurement: Sendable, Equatable {
  /// Its label in the mask.
  public let label: Int32
  /// Column of the centre of its nucleus, in pixels of the file.
  public let x: Float
  /// Row of the centre of its nucleus, in pixels of the file.
  public let y: Float
  /// Pixels of the nucleus, in pixels of the file.
  public let area: Int
  /// Mean grey value of the protein in the nucleus.
  public let nuclearProtein: Float
  /// Mean grey value of the nuclear channel in the nucleus.
  public let intensity: Float
  /// Sharpness of the nucleus: mean square of its Laplacian over the square of its mean.
  public let focus: Float
  /// What quality control says, in the order of ``CropFlag``'s cases.
  public internal(set) var flags: [CropFlag]

  /// The first pixel of the crop, which may lie outside the field.
  let left: Int
  /// The first row of the crop, which may lie outside the field.
  let top: Int
}

/// Measures the nuclei of a field and says what is wrong with them.
struct CellMeasurer {
  let settings: CropSettings
  let field: FieldPlanes

  /// What is added up over the pixels of a nucleus.
  private struct Sums {
    var (x, y, area) = (0.0, 0.0, 0)
    var (protein, nucleus, sharpness, inner) = (0.0, 0.0, 0.0, 0)
    var cut = false
  }

  /// Every nucleus, in the order of labels.
  func cells() -> [CellMeasurement] {
    let sums = sums()
    let background = Double(GrayHistogram(field.nucleus).percentiles(5, 50).lowerBound)
    func brightness(_ sum: Sums) -> Double { sum.nucleus / Double(sum.area) - background }
    func focus(_ sum: Sums) -> Double {
      let mean = max(brightness(sum), 1e-6)
      return sum.sharpness / Double(max(1, sum.inner)) / (mean * mean)
    }
    let typicalArea = median(sums.map { Double($0.sum.area) })
    let typicalBrightness = median(sums.map { brightness($0.sum) })
    let typicalFocus = median(sums.map { focus($0.sum) })
    let noise = Noise(field.protein)
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
      if brightness(sum) < 0.5 * typicalBrightness { flags.append(.dim) }
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
        nuclearProtein: Float(sum.protein / Double(sum.area)),
        intensity: Float(sum.nucleus / Double(sum.area)), focus: Float(focus(sum)), flags: flags,
        left: left, top: top)
    }
  }

  private func sums() -> [(label: Int32, sum: Sums)] {
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
        if row > 0, column > 0, row < height - 1, column < width - 1 {
          let around =
            nucleus[index - 1] + nucleus[index + 1] + nucleus[index - width]
            + nucleus[index + width]
          let bend = Double(4 * nucleus[index] - around)
          sums[place].sum.sharpness += bend * bend
          sums[place].sum.inner += 1
        } else {
          sums[place].sum.cut = true
        }
      }
    }
    return sums.sorted { $0.label < $1.label }
  }

  private func median(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
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

/// The noise of a picture, and whether it explains what is seen in a part of it.
private struct Noise {
  /// The variance of a pixel.
  private let variance: Float

  /// Estimates noise from the differences of neighbours, of which light makes few large.
  init(_ image: GrayImage) {
    let step = max(1, image.height / 256)
    var differences: [Float] = []
    differences.reserveCapacity(image.pixels.count / step)
    for row in stride(from: 0, to: image.height, by: step) {
      for column in stride(from: 1, to: image.width, by: 2) {
        let index = row * image.width + column
        differences.append(abs(image.pixels[index] - image.pixels[index - 1]))
      }
    }
    // The median of a normal distribution's absolute values is 0.6745 standard deviations.
    let deviation = Percentiles.median(differences) / (0.6745 * Float(2).squareRoot())
    variance = deviation * deviation
  }

  /// Whether the means of 4 x 4 pixels vary less than twice as much as noise alone lets them.
  func explains(_ image: GrayImage, left: Int, top: Int, size: Int) -> Bool {
    var (sum, squares, count): (Double, Double, Double) = (0, 0, 0)
    let (right, bottom) = (min(image.width, left + size), min(image.height, top + size))
    for row in stride(from: max(0, top), to: bottom - 3, by: 4) {
      for column in stride(from: max(0, left), to: right - 3, by: 4) {
        var block: Float = 0
        for y in row..<row + 4 {
          for x in column..<column + 4 { block += image.pixels[y * image.width + x] }
        }
        let mean = Double(block / 16)
        sum += mean
        squares += mean * mean
        count += 1
      }
    }
    guard count > 1 else { return false }
    let spread = max(0, squares / count - (sum / count) * (sum / count))
    // Twice as much in deviations is four times in variances.
    return spread <= 4 * Double(variance) / 16
  }
}
