/// A cell found in a field, with what was measured on it.
public struct CellMeasurement: Sendable, Equatable {
  /// Its label in the mask.
  public let label: Int32
  /// Column of the centre of its nucleus.
  public let x: Float
  /// Row of the centre of its nucleus.
  public let y: Float
  /// Pixels of the nucleus.
  public let area: Int
  /// Mean grey value of the protein in the crop's pixels of the nucleus.
  public let nuclearProtein: Float
  /// Mean grey value of the nuclear channel in the nucleus.
  public let intensity: Float
  /// Sharpness of the nucleus: mean square of its Laplacian over the square of its mean.
  public let focus: Float
  /// What quality control says, in the order of ``CropFlag``'s cases.
  public let flags: [CropFlag]
}

/// One crop `[height, width, channel]`: protein, nucleus, nuclear distance, nuclear mask.
public struct CellCrop: Sendable {
  /// The cell in its middle.
  public let cell: CellMeasurement
  /// The values, channels together.
  public let pixels: [Float]
  /// Grey values of the protein that became 0 and 1.
  public let proteinRange: ClosedRange<Float>
  /// Grey values of the nuclear channel that became 0 and 1.
  public let nucleusRange: ClosedRange<Float>
}

/// Cuts nucleus-centred crops from a field with known nuclei.
public struct FieldCropper: Sendable {
  /// How crops are cut.
  public var settings: CropSettings

  /// A cropper of these settings.
  public init(_ settings: CropSettings = CropSettings()) {
    self.settings = settings
  }

  /// Measures every nucleus of a field; cells are in the order of their labels.
  public func measure(protein: GrayImage, nucleus: GrayImage, labels: LabelMask)
    -> [CellMeasurement]
  {
    Self.check(protein, nucleus, labels)
    struct Sums {
      var (x, y, area) = (0.0, 0.0, 0)
      var (protein, nucleus, sharpness, inner) = (0.0, 0.0, 0.0, 0)
      var cut = false
    }
    let (width, height) = (labels.width, labels.height)
    var sums: [Int32: Sums] = [:]
    for row in 0..<height {
      for column in 0..<width {
        let index = row * width + column
        let label = labels.labels[index]
        guard label > 0 else { continue }
        var sum = sums[label] ?? Sums()
        sum.x += Double(column)
        sum.y += Double(row)
        sum.area += 1
        sum.protein += Double(protein.pixels[index])
        sum.nucleus += Double(nucleus.pixels[index])
        if row > 0, column > 0, row < height - 1, column < width - 1 {
          let around =
            nucleus.pixels[index - 1] + nucleus.pixels[index + 1] + nucleus.pixels[index - width]
            + nucleus.pixels[index + width]
          let bend = Double(4 * nucleus.pixels[index] - around)
          sum.sharpness += bend * bend
          sum.inner += 1
        } else {
          sum.cut = true
        }
        sums[label] = sum
      }
    }
    func median(_ values: [Double]) -> Double {
      values.isEmpty ? 0 : values.sorted()[values.count / 2]
    }
    let background = Double(Percentiles.of(nucleus.pixels, 5, 50).low)
    func brightness(_ sum: Sums) -> Double { sum.nucleus / Double(sum.area) - background }
    func focus(_ sum: Sums) -> Double {
      let mean = max(brightness(sum), 1e-6)
      return sum.sharpness / Double(max(1, sum.inner)) / (mean * mean)
    }
    let typicalArea = median(sums.values.map { Double($0.area) })
    let typicalBrightness = median(sums.values.map(brightness))
    let typicalFocus = median(sums.values.map(focus))
    return sums.sorted { $0.key < $1.key }.map { label, sum in
      let (x, y) = (Float(sum.x / Double(sum.area)), Float(sum.y / Double(sum.area)))
      var flags: [CropFlag] = []
      let (left, top) = origin(x, y)
      if left < 0 || top < 0 || left + settings.size > width || top + settings.size > height {
        flags.append(.edge)
      }
      if sum.cut { flags.append(.cut) }
      if isSaturated(protein, left: left, top: top) { flags.append(.saturated) }
      if focus(sum) < 0.5 * typicalFocus { flags.append(.blurred) }
      if brightness(sum) < 0.5 * typicalBrightness { flags.append(.dim) }
      if Double(sum.area) < 0.4 * typicalArea { flags.append(.small) }
      if Double(sum.area) < 0.75 * typicalArea, brightness(sum) > 1.7 * typicalBrightness {
        flags.append(.mitotic)
      }
      return CellMeasurement(
        label: label, x: x, y: y, area: sum.area,
        nuclearProtein: Float(sum.protein / Double(sum.area)),
        intensity: Float(sum.nucleus / Double(sum.area)), focus: Float(focus(sum)), flags: flags)
    }
  }

  /// Whether the settings keep a cell.
  public func keeps(_ cell: CellMeasurement) -> Bool {
    if settings.edge == .drop, cell.flags.contains(.edge) { return false }
    return settings.dropped.isDisjoint(with: cell.flags)
  }

  /// The crops of the given cells, one after the other.
  public func crops(
    of cells: [CellMeasurement], protein: GrayImage, nucleus: GrayImage, labels: LabelMask,
    _ body: (CellCrop) throws -> Void
  ) rethrows {
    Self.check(protein, nucleus, labels)
    let size = settings.size
    let transform = DistanceTransform(width: size, height: size)
    let field = settings.scaling == .field
    let (low, high) = (settings.lowPercentile, settings.highPercentile)
    let proteinField = field ? Percentiles.of(protein.pixels, low, high) : nil
    let nucleusField = field ? Percentiles.of(nucleus.pixels, low, high) : nil
    for cell in cells {
      var places = [Int](repeating: 0, count: size * size)
      let (left, top) = origin(cell.x, cell.y)
      for row in 0..<size {
        let y = min(max(top + row, 0), labels.height - 1)
        for column in 0..<size {
          let x = min(max(left + column, 0), labels.width - 1)
          places[row * size + column] = y * labels.width + x
        }
      }
      let mask = places.map { labels.labels[$0] > 0 }
      var distance = [Float](repeating: 0, count: mask.count)
      mask.withUnsafeBufferPointer { mask in
        distance.withUnsafeMutableBufferPointer { transform.signed(mask, into: $0) }
      }
      let proteins = places.map { protein.pixels[$0] }
      let nuclei = places.map { nucleus.pixels[$0] }
      let proteinRange = proteinField ?? Percentiles.of(proteins, low, high)
      let nucleusRange = nucleusField ?? Percentiles.of(nuclei, low, high)
      let foreign =
        settings.blanksNeighbors ? neighbors(places, labels, label: cell.label, transform) : nil
      var pixels = [Float](repeating: 0, count: size * size * 4)
      for index in 0..<(size * size) {
        let blank = foreign?[index] ?? false
        pixels[index * 4] = blank ? 0 : scaled(proteins[index], proteinRange)
        pixels[index * 4 + 1] = blank ? 0 : scaled(nuclei[index], nucleusRange)
        pixels[index * 4 + 2] = distance[index]
        pixels[index * 4 + 3] = mask[index] ? 1 : 0
      }
      try body(
        CellCrop(
          cell: cell, pixels: pixels, proteinRange: proteinRange.low...proteinRange.high,
          nucleusRange: nucleusRange.low...nucleusRange.high))
    }
  }

  /// The pixels of a crop that are nearer to another nucleus than to its own.
  private func neighbors(
    _ places: [Int], _ labels: LabelMask, label: Int32, _ transform: DistanceTransform
  ) -> [Bool] {
    func distances(_ isMember: (Int32) -> Bool) -> [Float] {
      let mask = places.map { isMember(labels.labels[$0]) }
      var result = [Float](repeating: 0, count: mask.count)
      mask.withUnsafeBufferPointer { mask in
        result.withUnsafeMutableBufferPointer { transform.signed(mask, into: $0) }
      }
      return result
    }
    let own = distances { $0 == label }
    let others = distances { $0 > 0 && $0 != label }
    return zip(own, others).map { $0 > $1 }
  }

  private func origin(_ x: Float, _ y: Float) -> (left: Int, top: Int) {
    let half = Float(settings.size - 1) / 2
    return (Int((x - half).rounded()), Int((y - half).rounded()))
  }

  private func isSaturated(_ image: GrayImage, left: Int, top: Int) -> Bool {
    guard let ceiling = image.ceiling else { return false }
    var (full, count) = (0, 0)
    for row in max(0, top)..<max(max(0, top), min(image.height, top + settings.size)) {
      for column in max(0, left)..<max(max(0, left), min(image.width, left + settings.size)) {
        if image.pixels[row * image.width + column] >= ceiling { full += 1 }
        count += 1
      }
    }
    return full * 100 > count
  }

  private func scaled(_ value: Float, _ range: (low: Float, high: Float)) -> Float {
    min(1, max(0, (value - range.low) / max(range.high - range.low, .leastNormalMagnitude)))
  }

  private static func check(_ protein: GrayImage, _ nucleus: GrayImage, _ labels: LabelMask) {
    precondition(
      protein.width == nucleus.width && protein.height == nucleus.height
        && labels.width == nucleus.width && labels.height == nucleus.height,
      "Channels and mask of a field must be of one size.")
  }
}

/// Percentiles of grey values.
enum Percentiles {
  /// The values below which `low` and `high` percent of the others lie, never equal.
  static func of(_ values: [Float], _ low: Float, _ high: Float) -> (low: Float, high: Float) {
    let sorted = values.sorted()
    func at(_ percent: Float) -> Float {
      sorted[min(sorted.count - 1, max(0, Int((Float(sorted.count) * percent / 100))))]
    }
    let (bottom, top) = (at(low), at(high))
    return (bottom, top > bottom ? top : bottom + 1)
  }
}
