import ArrayFiles
import CellData
import Foundation

/// Writes sheets of pictures on several threads.
final class SheetWriter: @unchecked Sendable {
  // Unchecked: what changes does so under the lock alone.
  private let sheets: CropSheets
  private let crops: [Int]
  private let ranges: [(low: Float, high: Float)]
  private let folder: AtlasFolder
  private let scaling: CropScaling
  private let lock = NSLock()
  private var readers: [CropReader] = []
  private var failure: (sheet: Int, error: any Error)?
  /// For each channel the darkest and the brightest of each picture, as bytes of the shared range.
  private(set) var limits: [[UInt8]]

  /// - Parameters:
  ///   - sheets: how pictures are made.
  ///   - crops: the row among the crops of each picture.
  ///   - ranges: the shared range of each channel.
  ///   - folder: where sheets go.
  init(
    sheets: CropSheets, crops: [Int], ranges: [(low: Float, high: Float)], folder: AtlasFolder
  ) {
    self.sheets = sheets
    self.crops = crops
    self.ranges = ranges
    self.folder = folder
    scaling = CropScaling(
      height: sheets.data.height, width: sheets.data.width, side: sheets.side)
    limits = [[UInt8]](
      repeating: [UInt8](repeating: 0, count: 2 * crops.count), count: ranges.count)
  }

  /// Throws what failed first, by the number of the sheet.
  func check() throws {
    if let failure { throw failure.error }
  }

  /// Makes one sheet of every channel; what fails is kept for `check`.
  func write(_ sheet: Int) {
    let reader = lock.withLock { readers.popLast() } ?? CropReader(sheets.data)
    do {
      try write(sheet, with: reader)
    } catch {
      lock.withLock {
        if failure.map({ $0.sheet > sheet }) ?? true { failure = (sheet, error) }
      }
    }
    lock.withLock { readers.append(reader) }
  }

  private func write(_ sheet: Int, with reader: CropReader) throws {
    let (side, across) = (sheets.side, CropSheets.across)
    let size = across * across
    let slots = sheet * size..<min(crops.count, (sheet + 1) * size)
    let height = (slots.count + across - 1) / across * side
    let width = across * side
    let plane = sheets.data.height * sheets.data.width
    var pixels = [[UInt8]](
      repeating: [UInt8](repeating: 0, count: width * height), count: ranges.count)
    var found = [[UInt8]](
      repeating: [UInt8](repeating: 0, count: 2 * slots.count), count: ranges.count)
    var crop = [Float](repeating: 0, count: reader.cropSize)
    var picture = [Float](repeating: 0, count: side * side)
    for (place, slot) in slots.enumerated() {
      try crop.withUnsafeMutableBufferPointer { try reader.read(crops[slot], into: $0) }
      for channel in ranges.indices {
        crop.withUnsafeBufferPointer {
          scaling.scaled(
            UnsafeBufferPointer(rebasing: $0[channel * plane..<(channel + 1) * plane]),
            into: &picture)
        }
        let range = CropScaling.range(of: picture)
        found[channel][2 * place] = byte(range.low, of: channel)
        found[channel][2 * place + 1] = byte(range.high, of: channel)
        let start = place / across * side * width + place % across * side
        Self.stretch(picture, range, side: side, into: &pixels[channel], at: start, width: width)
      }
    }
    for channel in ranges.indices {
      let name = "pictures/\(channel)-\(sheet).jpg"
      try JPEGEncoder.encode(
        pixels[channel], width: width, height: height, quality: CropSheets.quality, name: name
      ) { bytes throws(ArrayFileError) in try folder.write(bytes, to: name) }
    }
    lock.withLock {
      for channel in ranges.indices {
        limits[channel].replaceSubrange(
          2 * slots.lowerBound..<2 * slots.upperBound, with: found[channel])
      }
    }
  }

  /// A brightness as a byte of the range that all cells share.
  private func byte(_ value: Float, of channel: Int) -> UInt8 {
    let range = ranges[channel]
    return UInt8((min(max((value - range.low) / (range.high - range.low), 0), 1) * 255).rounded())
  }

  private static func stretch(
    _ picture: [Float], _ range: (low: Float, high: Float), side: Int, into sheet: inout [UInt8],
    at start: Int, width: Int
  ) {
    let scale = range.high > range.low ? 255 / (range.high - range.low) : 0
    picture.withUnsafeBufferPointer { picture in
      sheet.withUnsafeMutableBufferPointer { sheet in
        for y in 0..<side {
          for x in 0..<side {
            let value = min(max((picture[y * side + x] - range.low) * scale, 0), 255)
            sheet[start + y * width + x] = UInt8(value.rounded())
          }
        }
      }
    }
  }
}
