import COpenCV
public import Foundation
public import ImageFiles
import Raster

/// A picture of a field that shows which nuclei were found, which crops were cut and why others were
/// not.
///
/// The nuclear stain is grey, the protein green. Kept nuclei have blue outlines and a box that is their
/// crop, dropped ones an orange outline with the reason.
public struct FieldOverlay {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Red, green and blue bytes `[height, width, 3]`.
  public private(set) var pixels: [UInt8]

  // Colours that people with any kind of colour vision can distinguish (Okabe and Ito).
  private static let keptColor: [UInt8] = [86, 180, 233]
  private static let droppedColor: [UInt8] = [230, 120, 0]
  private static let boxColor: [UInt8] = [40, 92, 130]
  private static let textColor: [UInt8] = [240, 240, 240]
  /// Rows above the field for the title.
  private static let titleHeight = 44

  /// The longest side of a picture, and the shortest below which small fields are enlarged.
  private static let (longest, shortest) = (1_800, 1_200)

  /// Draws a field.
  ///
  /// - Parameters:
  ///   - field: the planes and nuclei.
  ///   - cells: what was measured on the nuclei.
  ///   - cropper: which of them are kept.
  ///   - title: the field's name.
  public init(
    _ field: FieldPlanes, _ cells: [CellMeasurement], _ cropper: FieldCropper, title: String
  ) {
    let side = max(field.width, field.height)
    let zoom =
      side > Self.longest
      ? Double(Self.longest) / Double(side) : Double(max(1, Self.shortest / side))
    width = max(1, Int(Double(field.width) * zoom))
    let rows = max(1, Int(Double(field.height) * zoom))
    height = rows + Self.titleHeight
    pixels = [UInt8](repeating: 0, count: width * height * 3)
    paint(field, rows: rows)
    var colors: [Int32: [UInt8]] = [:]
    for cell in cells {
      colors[cell.label] = cropper.keeps(cell) ? Self.keptColor : Self.droppedColor
    }
    outline(field.labels.resized(width: width, height: rows), colors)
    for cell in cells {
      let (left, top) = (Int(Double(cell.left) * zoom), Int(Double(cell.top) * zoom))
      let size = Int(Double(cropper.settings.size) * zoom)
      if let reason = cropper.reason(against: cell) {
        write(
          reason.rawValue, x: left + size / 2 - 14, y: top + size / 2 + Self.titleHeight + 4,
          size: 0.36, Self.droppedColor)
      } else {
        box(left: left, top: top, size: size)
      }
    }
    writeTitle(title, cells, cropper)
  }

  /// Writes the picture as PNG.
  /// - Throws: ``ImageError`` of kind `inputOutput` when the disk is full or fails.
  public func write(to url: URL) throws(ImageError) {
    try PNGWriter.write(pixels, width: width, height: height, to: url)
  }

  private mutating func paint(_ field: FieldPlanes, rows: Int) {
    func levels(_ image: GrayImage) -> [Float] {
      let range = image.percentiles(1, 99.8)
      let factor = 1 / (range.upperBound - range.lowerBound)
      return image.resized(width: width, height: rows).pixels.map {
        // The square root shows dim nuclei beside bright ones.
        min(1, max(0, ($0 - range.lowerBound) * factor)).squareRoot()
      }
    }
    let (nucleus, protein) = (levels(field.nucleus), levels(field.protein))
    let start = Self.titleHeight * width
    for index in nucleus.indices {
      let grey = 190 * nucleus[index]
      pixels[(start + index) * 3] = UInt8(grey)
      pixels[(start + index) * 3 + 1] = UInt8(min(255, grey + 75 * protein[index]))
      pixels[(start + index) * 3 + 2] = UInt8(grey)
    }
  }

  /// Colours the rim of every label.
  private mutating func outline(_ mask: LabelMask, _ colors: [Int32: [UInt8]]) {
    for row in 0..<mask.height {
      for column in 0..<mask.width {
        let index = row * mask.width + column
        let label = mask.labels[index]
        guard label > 0, let color = colors[label] else { continue }
        let isRim =
          column > 0 && mask.labels[index - 1] != label
          || column + 1 < mask.width && mask.labels[index + 1] != label
          || row > 0 && mask.labels[index - mask.width] != label
          || row + 1 < mask.height && mask.labels[index + mask.width] != label
        guard isRim else { continue }
        let place = (Self.titleHeight * width + index) * 3
        for channel in 0..<3 { pixels[place + channel] = color[channel] }
      }
    }
  }

  private mutating func box(left: Int, top: Int, size: Int) {
    let lower = top + Self.titleHeight
    _ = ccv_draw_box(
      &pixels, Int32(width), Int32(height), Int32(left), Int32(max(lower, Self.titleHeight)),
      Int32(left + size - 1), Int32(lower + size - 1), Self.boxColor)
  }

  private mutating func write(_ text: String, x: Int, y: Int, size: Double, _ color: [UInt8]) {
    // OpenCV's letters are those of ASCII.
    let plain = String(text.unicodeScalars.map { $0.isASCII ? Character($0) : "?" })
    let place = max(2, min(x, width - Int(ccv_text_width(plain, size)) - 2))
    _ = ccv_draw_text(
      &pixels, Int32(width), Int32(height), plain, Int32(place), Int32(min(y, height - 4)), size,
      color)
  }

  private mutating func writeTitle(
    _ title: String, _ cells: [CellMeasurement], _ cropper: FieldCropper
  ) {
    var counts: [CropFlag: Int] = [:]
    for cell in cells {
      if let reason = cropper.reason(against: cell) { counts[reason, default: 0] += 1 }
    }
    let dropped = counts.values.reduce(0, +)
    let reasons = CropFlag.allCases.compactMap { flag in
      counts[flag].map { "\(flag.rawValue) \($0)" }
    }
    write(title, x: 6, y: 15, size: 0.42, Self.textColor)
    let kept = "\(cells.count - dropped) kept of \(cells.count)"
    write(kept, x: 6, y: 34, size: 0.42, Self.keptColor)
    guard dropped > 0 else { return }
    write(
      "dropped: " + reasons.joined(separator: ", "), x: 26 + Int(ccv_text_width(kept, 0.42)), y: 34,
      size: 0.42, Self.droppedColor)
  }
}
