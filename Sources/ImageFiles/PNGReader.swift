import ArrayFiles
import CPNG
import Foundation
import Raster

/// Reads a PNG picture, grey or coloured, with up to 16 bits; an alpha channel is left out.
final class PNGReader: PageFile {
  /// How much smaller than its pixels a picture can be in the file, which deflate limits.
  private static let greatestCompression = 1_100

  let url: URL
  let pageCount = 1
  let text: String? = nil
  let resolution = 0.0
  private let header: cpng_header

  /// Opens a file and checks its header.
  /// - Throws: ``ImageError`` of kind `badData` when it is no PNG or claims what it cannot hold.
  init(_ url: URL, acceptsPalette: Bool) throws(ImageError) {
    self.url = url
    let (file, header) = try Self.open(url)
    cpng_close(file)
    self.header = header
    let size = FileFacts(url)?.byteCount ?? 0
    let (width, height) = (Int(header.width), Int(header.height))
    guard width > 0, height > 0, width <= TIFFReader.largestPage / height,
      width * height / 8 / Self.greatestCompression <= size
    else {
      throw ImageError(
        .badData, url,
        "the header claims \(width) x \(height) pixels, but the file has only \(size) bytes",
        advice: "The file is cut short or its header is wrong; copy it again from its source")
    }
    guard !header.palette || acceptsPalette || header.palette_rises else {
      throw ImageError(
        .badData, url, "the picture has a palette of colours",
        advice: "Save it in grey or RGB")
    }
  }

  func shape(of page: Int) throws(ImageError) -> PageShape {
    PageShape(
      width: Int(header.width), height: Int(header.height), samples: Int(header.samples))
  }

  var remarks: [String] {
    header.alpha ? ["the opacity (alpha) of the pixels is left unread"] : []
  }

  func read(page: Int, sample: Int) throws(ImageError) -> GrayImage {
    let image = try withSamples(page, sample) { samples throws(ImageError) in
      try samples.image(of: url, page: nil)
    }
    guard header.palette else { return image }
    return GrayImage(width: image.width, height: image.height, pixels: image.pixels)
  }

  func labels(page: Int, sample: Int) throws(ImageError) -> [Int32] {
    try withSamples(page, sample) { samples throws(ImageError) in
      try samples.labels(of: url, page: nil)
    }
  }

  private func withSamples<Result>(
    _ page: Int, _ sample: Int, _ body: (PixelSamples) throws(ImageError) -> Result
  ) throws(ImageError) -> Result {
    let (width, height) = (Int(header.width), Int(header.height))
    let samples = Int(header.samples)
    precondition(page == 0 && sample >= 0 && sample < samples, "A PNG has one page.")
    let wide = header.bits == 16
    let raw = UnsafeMutableRawBufferPointer.allocate(
      byteCount: width * height * samples * (wide ? 2 : 1), alignment: 16)
    defer { raw.deallocate() }
    // libpng decodes a file once, so that every plane opens it anew.
    let (file, _) = try Self.open(url)
    defer { cpng_close(file) }
    var message = [CChar](repeating: 0, count: 256)
    guard let base = raw.baseAddress,
      cpng_read(file, base, raw.count, &message, message.count)
    else {
      throw ImageError(
        .badData, url, "the pixels cannot be read (\(TIFFReader.text(message)))",
        advice: "The file is cut short or damaged; copy it again from its source")
    }
    return try body(
      PixelSamples(
        bytes: UnsafeRawBufferPointer(raw), kind: wide ? .uint16 : .uint8, width: width,
        height: height, samples: samples, sample: sample, bits: Int(header.bits)))
  }

  private static func open(_ url: URL) throws(ImageError) -> (OpaquePointer, cpng_header) {
    var header = cpng_header()
    var message = [CChar](repeating: 0, count: 256)
    guard
      let file = cpng_open(url.path(percentEncoded: false), &header, &message, message.count)
    else {
      throw ImageError(
        .badData, url, "the PNG cannot be read (\(TIFFReader.text(message)))",
        advice: "Copy it again from its source")
    }
    return (file, header)
  }
}
