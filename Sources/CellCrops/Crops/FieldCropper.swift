import Raster

/// Cuts nucleus-centred crops from a field with known nuclei.
public struct FieldCropper: Sendable {
  /// How crops are cut.
  public var settings: CropSettings

  /// A cropper of these settings.
  public init(_ settings: CropSettings = CropSettings()) {
    self.settings = settings
  }

  /// Measures every nucleus of a field; cells are in the order of their labels.
  public func measure(_ field: FieldPlanes) -> [CellMeasurement] {
    var cells = CellMeasurer(settings: settings, field: field).cells()
    flagOverlaps(&cells)
    return cells
  }

  /// Flags cells whose crop shares more than half of its pixels with that of an earlier kept cell.
  private func flagOverlaps(_ cells: inout [CellMeasurement]) {
    var kept: [CellMeasurement] = []
    let size = settings.size
    for index in cells.indices where reason(against: cells[index]) == nil {
      let cell = cells[index]
      let shared = kept.contains { other in
        let (columns, rows) = (size - abs(other.left - cell.left), size - abs(other.top - cell.top))
        return columns > 0 && rows > 0 && 2 * columns * rows > size * size
      }
      if shared { cells[index].flags.append(.overlap) }
      if reason(against: cells[index]) == nil { kept.append(cell) }
    }
  }

  /// The flag for which the settings leave a cell out; nil when it is kept.
  public func reason(against cell: CellMeasurement) -> CropFlag? {
    cell.flags.first { $0 == .edge && settings.edge == .drop || settings.dropped.contains($0) }
  }

  /// Whether the settings keep a cell.
  public func keeps(_ cell: CellMeasurement) -> Bool { reason(against: cell) == nil }

  /// The crops of the given cells, one after the other.
  ///
  /// - Parameters:
  ///   - cells: cells that ``measure(_:)`` found in the field.
  ///   - field: the field.
  ///   - ranges: grey values of the files that become 0 and 1, for protein, nucleus and further channels;
  ///     nil to take them from each crop or the field, as the settings say.
  ///   - body: called with each crop.
  public func crops(
    of cells: [CellMeasurement], in field: FieldPlanes, ranges: [ClosedRange<Double>]? = nil,
    _ body: (CellCrop) throws -> Void
  ) rethrows {
    let size = settings.size
    let transform = DistanceTransform(width: size, height: size)
    let (low, high) = (settings.lowPercentile, settings.highPercentile)
    let channels = field.channels
    let whole =
      ranges.map { zip($0, channels).map { range, channel in channel.pixels(in: range) } }
      ?? (settings.scaling == .crop ? nil : channels.map { $0.percentiles(low, high) })
    let depth = 2 + channels.count
    for cell in cells {
      let labels = cut(field.labels.labels, around: cell, field)
      let mask = labels.map { $0 > 0 }
      let distance = distances(mask, transform)
      let blank =
        settings.blanksNeighbors ? neighbors(of: cell.label, in: labels, transform) : nil
      var pixels = [Float](repeating: 0, count: size * size * depth)
      var used: [ClosedRange<Float>] = []
      for (number, channel) in channels.enumerated() {
        let values = cut(channel.pixels, around: cell, field)
        let range = whole?[number] ?? Percentiles.of(values, low, high)
        used.append(range)
        // Protein and nucleus come first; distance and mask stand between them and the others.
        let place = number < 2 ? number : number + 2
        let extent = range.upperBound - range.lowerBound
        let factor = 1 / extent
        for (index, value) in values.enumerated() where !(blank?[index] ?? false) {
          let above = value - range.lowerBound
          // The inverse of the smallest extents is beyond single precision.
          let share = factor.isFinite ? above * factor : above / extent
          pixels[index * depth + place] = min(1, max(0, share))
        }
      }
      for index in 0..<(size * size) {
        pixels[index * depth + 2] = distance[index]
        pixels[index * depth + 3] = mask[index] ? 1 : 0
      }
      try body(
        CellCrop(
          cell: cell, pixels: pixels, ranges: used, origins: channels.map(\.origin)))
    }
  }

  /// The part of a plane that becomes a crop; beyond the field the nearest pixel is repeated.
  private func cut<Value>(
    _ plane: [Value], around cell: CellMeasurement, _ field: FieldPlanes
  ) -> [Value] {
    let size = settings.size
    let columns = (0..<size).map { min(max(cell.left + $0, 0), field.width - 1) }
    return plane.withUnsafeBufferPointer { plane in
      [Value](unsafeUninitializedCapacity: size * size) { crop, filled in
        for row in 0..<size {
          let start = min(max(cell.top + row, 0), field.height - 1) * field.width
          for (column, place) in columns.enumerated() {
            crop.initializeElement(at: row * size + column, to: plane[start + place])
          }
        }
        filled = size * size
      }
    }
  }

  private func distances(_ mask: [Bool], _ transform: DistanceTransform) -> [Float] {
    var result = [Float](repeating: 0, count: mask.count)
    mask.withUnsafeBufferPointer { mask in
      result.withUnsafeMutableBufferPointer { transform.signed(mask, into: $0) }
    }
    return result
  }

  /// The pixels of a crop that are nearer to another nucleus than to its own.
  private func neighbors(
    of label: Int32, in labels: [Int32], _ transform: DistanceTransform
  ) -> [Bool] {
    let own = distances(labels.map { $0 == label }, transform)
    let others = distances(labels.map { $0 > 0 && $0 != label }, transform)
    return zip(own, others).map { $0 > $1 }
  }
}
