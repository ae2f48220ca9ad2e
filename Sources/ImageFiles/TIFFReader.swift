import ArrayFiles
import CTIFF
public import Foundation
public import Raster

/// Reads TIFF and BigTIFF pages one at a time, whatever their compression, strips or tiles.
///
/// Memory is bounded by one page. A header is not believed: sizes that the file cannot hold are
/// refused before anything is allocated for them.
public final class TIFFReader: PageFile {
  /// What the header of a page says.
  public struct Page: Sendable, Equatable {
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int
    /// Bits of one sample: 8, 16, 32 or 64.
    public let bits: Int
    /// Samples of one pixel, 3 for colour.
    public let samples: Int
    /// Whether samples are floating-point numbers.
    public let isFloat: Bool
    /// Whether samples are whole numbers with a sign.
    public let isSigned: Bool
  }

  /// Most pixels of one page, 1 Gi.
  static let largestPage = 1 << 30
  /// How much smaller than its pixels a page can be in the file: deflate reaches 1,032, LZW more.
  static let greatestCompression = 2_000

  /// Where the file is.
  public let url: URL
  /// The number of pages.
  public let pageCount: Int
  /// The description of the first page: OME-XML, ImageJ's settings, or anything.
  public let text: String?

  /// Pixels per unit along a row of the first page; 0 if the header does not say.
  package let resolution: Double

  private let handle: OpaquePointer
  private let byteCount: Int

  /// Opens a file and reads the header of its first page.
  /// - Throws: ``ImageError``, `missingInput` when it is not there, `badData` when it is no TIFF.
  public init(_ url: URL) throws(ImageError) {
    self.url = url
    let path = url.path(percentEncoded: false)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw ImageError(.missingInput, url, "there is no such file", advice: "Check the path")
    }
    guard !isFolder.boolValue else {
      throw ImageError(.badData, url, "this is a folder", advice: "Name a TIFF file")
    }
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int ?? 0
    guard size > 0 else {
      throw ImageError(
        .badData, url, "the file is empty", advice: "Copy it again from its source")
    }
    byteCount = size
    var message = [CChar](repeating: 0, count: 512)
    // `m` reads instead of mapping: a file cut while it is mapped would kill the process.
    guard let opened = ctiff_open(path, "rm", &message, message.count) else {
      throw ImageError(
        .badData, url, "this is no TIFF file (\(Self.text(message)))",
        advice: "Save it as TIFF, or leave it out")
    }
    handle = opened
    var header = ctiff_page()
    guard ctiff_select(opened, 0, &header) else {
      let reason = String(cString: ctiff_message(opened))
      ctiff_close(opened, &message, message.count)
      throw ImageError(
        .badData, url, page: 0, "the header cannot be read (\(reason))",
        advice: "Copy it again from its source")
    }
    text = ctiff_description(opened).map { String(cString: $0) }
    resolution = header.resolution.isFinite ? Double(header.resolution) : 0
    pageCount = Int(ctiff_page_count(opened))
  }

  deinit {
    var message = [CChar](repeating: 0, count: 512)
    ctiff_close(handle, &message, message.count)
  }

  /// The header of a page.
  /// - Throws: ``ImageError`` of kind `badData` when it makes no sense.
  public func page(_ index: Int) throws(ImageError) -> Page {
    try select(index).page
  }

  /// One sample of every pixel of a page, as floating-point numbers.
  /// - Throws: ``ImageError`` of kind `badData` when the page is cut short or cannot be decoded.
  public func read(page index: Int, sample: Int = 0) throws(ImageError) -> GrayImage {
    let (header, page) = try select(index)
    guard sample >= 0, sample < page.samples else {
      throw ImageError(
        .usage, url, page: index, "sample \(sample) was requested, but there are \(page.samples)")
    }
    let count = page.width * page.height
    let bytes = count * page.samples * page.bits / 8
    let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 16)
    defer { raw.deallocate() }
    var copy = header
    guard let base = raw.baseAddress, ctiff_read(handle, &copy, base, bytes) else {
      throw ImageError(
        .badData, url, page: index,
        "the pixels cannot be read (\(String(cString: ctiff_message(handle))))",
        advice: "The file is cut short or damaged; copy it again from its source")
    }
    var pixels = Self.convert(raw, page: page, sample: sample, count: count)
    var ceiling: Float?
    if !page.isFloat {
      let top = page.isSigned ? page.bits - 1 : page.bits
      let largest = Float(sign: .plus, exponent: top, significand: 1) - 1
      ceiling = largest
      if header.inverted { for place in pixels.indices { pixels[place] = largest - pixels[place] } }
    } else if let bad = pixels.firstIndex(where: { !$0.isFinite }) {
      throw ImageError(
        .badData, url, page: index,
        "the pixel at column \(bad % page.width), row \(bad / page.width) \(pixels[bad].isNaN ? "is not a number" : "is infinite")",
        advice: "Replace it, or leave the file out")
    }
    return GrayImage(width: page.width, height: page.height, pixels: pixels, ceiling: ceiling)
  }

  package func shape(of page: Int) throws(ImageError) -> PageShape {
    let page = try select(page).page
    return PageShape(width: page.width, height: page.height, samples: page.samples)
  }

  private func select(_ index: Int) throws(ImageError) -> (header: ctiff_page, page: Page) {
    guard index >= 0, index < pageCount else {
      throw ImageError(
        .badData, url, page: index, "the file has only \(pageCount) pages",
        advice: "Its description may be wrong; name the channels by number")
    }
    var header = ctiff_page()
    guard ctiff_select(handle, UInt32(index), &header) else {
      throw ImageError(
        .badData, url, page: index,
        "the header cannot be read (\(String(cString: ctiff_message(handle))))",
        advice: "Copy it again from its source")
    }
    let (width, height) = (Int(header.width), Int(header.height))
    let claim = "\(width) x \(height) pixels of \(header.samples) x \(header.bits) bits"
    guard width > 0, height > 0, header.samples > 0, header.samples <= 64,
      width <= Self.largestPage / height
    else {
      throw ImageError(
        .badData, url, page: index, "the header claims \(claim), which cannot be",
        advice: "Copy it again from its source")
    }
    let isFloat = header.format == CTIFF_FLOAT
    let known: [UInt16] = isFloat ? [32, 64] : [8, 16, 32]
    guard known.contains(header.bits), (1...3).contains(header.format), !header.palette else {
      let kind = header.palette ? "a palette of colours" : "\(claim) (format \(header.format))"
      throw ImageError(
        .badData, url, page: index, "the page has \(kind)",
        advice: "Save it with 8, 16 or 32 bits or floating point, in grey or RGB")
    }
    let bytes = width * height * Int(header.samples) * Int(header.bits / 8)
    let stored = min(Int(clamping: header.stored_bytes), byteCount)
    let enough =
      header.compression == 1 ? stored >= bytes : bytes / Self.greatestCompression <= stored
    guard enough else {
      throw ImageError(
        .badData, url, page: index,
        "the header claims \(claim), but only \(stored) bytes of them are there",
        advice: "The file is cut short or its header is wrong; copy it again from its source")
    }
    return (
      header,
      Page(
        width: width, height: height, bits: Int(header.bits), samples: Int(header.samples),
        isFloat: isFloat, isSigned: header.format == CTIFF_SIGNED)
    )
  }

  private static func convert(
    _ raw: UnsafeMutableRawBufferPointer, page: Page, sample: Int, count: Int
  ) -> [Float] {
    func values<Sample>(_ type: Sample.Type, _ number: (Sample) -> Float) -> [Float] {
      let source = raw.bindMemory(to: type)
      return [Float](unsafeUninitializedCapacity: count) { pixels, filled in
        for index in 0..<count { pixels[index] = number(source[index * page.samples + sample]) }
        filled = count
      }
    }
    switch (page.bits, page.isFloat, page.isSigned) {
    case (8, _, false): return values(UInt8.self) { Float($0) }
    case (8, _, true): return values(Int8.self) { Float($0) }
    case (16, _, false): return values(UInt16.self) { Float($0) }
    case (16, _, true): return values(Int16.self) { Float($0) }
    case (32, true, _): return values(Float.self) { $0 }
    case (64, true, _): return values(Double.self) { Float($0) }
    case (32, false, false): return values(UInt32.self) { Float($0) }
    default: return values(Int32.self) { Float($0) }
    }
  }

  static func text(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
