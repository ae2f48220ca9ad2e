import ArrayFiles
import Foundation
import Raster

/// Reads the planes of an npy array: `[height, width]`, `[channel, height, width]`, or
/// `[height, width, channel]` with at most four channels.
final class NPYPages: PageFile {
  let url: URL
  let pageCount: Int
  let text: String? = nil
  let resolution = 0.0
  private let file: NPYFile
  private let size: PageShape

  /// Opens a file and checks its shape.
  /// - Throws: ``ImageError`` of kind `badData` when it holds no planes.
  init(_ url: URL) throws(ImageError) {
    self.url = url
    do throws(ArrayFileError) { file = try NPYFile(url) } catch { throw ImageError(error) }
    let shape = file.shape
    guard (2...3).contains(shape.count), file.count > 0 else {
      throw ImageError(
        .badData, url, "the array has the shape \(shape)",
        advice: "Save it as [height, width] or [channel, height, width]")
    }
    if shape.count == 2 {
      (pageCount, size) = (1, PageShape(width: shape[1], height: shape[0], samples: 1))
    } else if shape[2] <= 4, shape[0] > 4 {
      (pageCount, size) = (1, PageShape(width: shape[1], height: shape[0], samples: shape[2]))
    } else {
      (pageCount, size) = (shape[0], PageShape(width: shape[2], height: shape[1], samples: 1))
    }
  }

  func shape(of page: Int) throws(ImageError) -> PageShape { size }

  func read(page: Int, sample: Int) throws(ImageError) -> GrayImage {
    precondition(
      page >= 0 && page < pageCount && sample >= 0 && sample < size.samples,
      "The plane does not exist.")
    let count = size.width * size.height
    var pixels = [Float](repeating: 0, count: count)
    do throws(ArrayFileError) {
      if size.samples > 1 {
        var line = [Float](repeating: 0, count: size.width * size.samples)
        for row in 0..<size.height {
          line.withUnsafeMutableBufferPointer { file.readItem(row, axes: [2, 1], into: $0) }
          let start = sample * size.width
          pixels.replaceSubrange(
            row * size.width..<(row + 1) * size.width, with: line[start..<start + size.width])
        }
      } else {
        let rows = file.shape.count == 2 ? 0..<size.height : page..<page + 1
        try read(rows, into: &pixels)
      }
    } catch {
      throw ImageError(error)
    }
    if let bad = pixels.firstIndex(where: { !$0.isFinite }) {
      throw ImageError(
        .badData, url, page: page,
        "the pixel at column \(bad % size.width), row \(bad / size.width) \(pixels[bad].isNaN ? "is not a number" : "is infinite")",
        advice: "Replace it, or leave the file out")
    }
    return GrayImage(width: size.width, height: size.height, pixels: pixels, ceiling: ceiling)
  }

  private func read(_ rows: Range<Int>, into pixels: inout [Float]) throws(ArrayFileError) {
    let outcome = pixels.withUnsafeMutableBufferPointer { output -> Result<Void, ArrayFileError> in
      do throws(ArrayFileError) {
        return .success(try file.readRows(rows, into: output))
      } catch {
        return .failure(error)
      }
    }
    try outcome.get()
  }

  /// The largest value of the kind of number, as single precision rounds it.
  private var ceiling: Float? {
    switch file.elementType {
    case .uint8: 255
    case .int8: 127
    case .uint16: 65_535
    case .int16: 32_767
    case .uint32: 4_294_967_296
    case .int32: 2_147_483_648
    default: nil
    }
  }
}
