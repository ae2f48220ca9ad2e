import Foundation

/// Images one after the other in one file of red, green and blue bytes, with where each is drawn.
struct PixelFile {
  private(set) var bytes = Data()
  /// The `plot` element of each image, without the file's name.
  private(set) var parts: [String] = []

  mutating func add(
    _ image: ImagePanels.Image, _ limits: ClosedRange<Float>, _ scale: ColorScale, _ frame: Frame
  ) {
    let span = limits.upperBound - limits.lowerBound
    // gnuplot draws no image of a single row or column, so such a one is drawn twice.
    let columns = max(image.width, 2)
    let lines = max(image.height, 2)
    let table = (0...255).map { scale.color(at: Double($0) / 255) }
    let height = frame.width * Double(image.height) / Double(image.width)
    add(
      width: columns, height: lines,
      Frame(x: frame.x, y: frame.y, width: frame.width, height: height)
    ) { index in
      let row = min(index / columns, image.height - 1)
      let value = image.values[row * image.width + min(index % columns, image.width - 1)]
      guard !value.isNaN else { return scale.color(at: .nan) }
      let position = span > 0 ? (value - limits.lowerBound) / span : 0
      return table[Int((min(max(position, 0), 1) * 255).rounded())]
    }
  }

  /// Adds a bar that shows a scale of colours, from below or from the left.
  mutating func addBar(_ scale: ColorScale, _ frame: Frame, isVertical: Bool) {
    // Two pixels wide: gnuplot draws no image of a single row or column.
    let steps = 128
    add(width: isVertical ? 2 : steps, height: isVertical ? steps : 2, frame) { index in
      let step = isVertical ? steps - 1 - index / 2 : index % steps
      return scale.color(at: Double(step) / Double(steps - 1))
    }
  }

  mutating func add(width: Int, height: Int, _ frame: Frame, color: (Int) -> Color) {
    let start = bytes.count
    bytes.reserveCapacity(start + 3 * width * height)
    for index in 0..<width * height {
      let color = color(index)
      bytes.append(contentsOf: [color.red, color.green, color.blue])
    }
    let dx = frame.width / Double(width)
    let dy = frame.height / Double(height)
    parts.append(
      "binary skip=\(start) array=(\(width),\(height)) dx=\(dx) dy=\(dy)"
        + " origin=(\(frame.x + dx / 2),\(frame.y + dy / 2)) format=\"%uchar\""
        + " using 1:2:3 with rgbimage")
  }
}
