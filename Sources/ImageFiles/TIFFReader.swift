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
    /// Bits of one sample: 1 to 16, 32 or 64.
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
  /// Whether the numbers of a page's colours are taken as its values, as in label masks.
  let acceptsPalette: Bool

  let handle: OpaquePointer
  let byteCount: Int
  /// Where planes without a header of their own begin, as those that follow the one header of ImageJ's
  /// files of more than 4 GB.
  private let followers: Followers?

  private struct Followers {
    let file: OpenFile
    let header: ctiff_page
    let planeBytes: Int
  }

  /// Opens a file and reads the header of its first page.
  /// - Throws: ``ImageError``, `missingInput` when it is not there, `badData` when it is no TIFF.
  public convenience init(_ url: URL) throws(ImageError) {
    try self.init(url, acceptsPalette: false)
  }

  init(_ url: URL, acceptsPalette: Bool) throws(ImageError) {
    self.url = url
    self.acceptsPalette = acceptsPalette
    byteCount = try Self.length(of: url)
    var message = [CChar](repeating: 0, count: 512)
    // `m` reads instead of mapping: a file cut while it is mapped would kill the process.
    guard let opened = ctiff_open(url.path(percentEncoded: false), "rm", &message, message.count)
    else {
      let foreign = ForeignFormat.of(url)
      throw ImageError(
        .badData, url, "this is no TIFF file (\(foreign?.name ?? Self.text(message)))",
        advice: foreign?.advice ?? "Save it as TIFF, or leave it out")
    }
    var header = ctiff_page()
    do throws(ImageError) {
      guard ctiff_select(opened, 0, &header) else {
        throw ImageError(
          .badData, url, page: 0,
          "the header cannot be read (\(String(cString: ctiff_message(opened))))",
          advice: "Copy it again from its source")
      }
      text = ctiff_description(opened).map { String(cString: $0) }
      let pages = Int(ctiff_page_count(opened))
      let broken = String(cString: ctiff_message(opened))
      guard broken.isEmpty else {
        throw ImageError(
          .badData, url,
          "after \(pages) pages the file tells of another that is not there (\(broken))",
          advice: "The file is cut short; copy it again from its source")
      }
      guard pages > 0, ctiff_is_whole(opened, UInt32(pages - 1), UInt64(byteCount)) else {
        throw ImageError(
          .badData, url, page: pages - 1, "the header ends outside the file",
          advice: "The file is cut short; copy it again from its source")
      }
      followers = try Self.followers(
        of: header, told: StackLayout.planeCount(text ?? ""), pages: pages, url, byteCount)
      pageCount = followers == nil ? pages : StackLayout.planeCount(text ?? "")
    } catch {
      ctiff_close(opened, &message, message.count)
      throw error
    }
    handle = opened
    resolution = header.resolution.isFinite ? Double(header.resolution) : 0
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
  ///
  /// Numbers of a page that is stored as a negative are turned round, unless ImageJ wrote it, which
  /// shows values the other way and stores them as they are.
  /// - Throws: ``ImageError`` of kind `badData` when the page is cut short or cannot be decoded.
  public func read(page index: Int, sample: Int = 0) throws(ImageError) -> GrayImage {
    try withSamples(page: index, sample: sample) { stored throws(ImageError) in
      var samples = stored
      let header = try select(index).header
      samples.isInverted = header.inverted && !StackLayout.isImageJ(text ?? "")
      return try samples.image(of: url, page: index)
    }
  }

  package func labels(page index: Int, sample: Int) throws(ImageError) -> [Int32] {
    try withSamples(page: index, sample: sample) { samples throws(ImageError) in
      try samples.labels(of: url, page: index)
    }
  }

  package func shape(of page: Int) throws(ImageError) -> PageShape {
    let (header, page) = try select(page)
    return PageShape(
      width: page.width, height: page.height, samples: page.samples,
      isSecondary: header.secondary, isLossy: TIFFCompression.isLossy(header.compression))
  }

  package var remarks: [String] {
    guard let header = try? select(0).header, header.inverted, StackLayout.isImageJ(text ?? "")
    else { return [] }
    return ["ImageJ shows the picture inverted; its values are taken as they are stored"]
  }

  func withSamples<Result>(
    page index: Int, sample: Int, _ body: (PixelSamples) throws(ImageError) -> Result
  ) throws(ImageError) -> Result {
    let (header, page) = try select(index)
    guard sample >= 0, sample < page.samples else {
      throw ImageError(
        .usage, url, page: index, "sample \(sample) was requested, but there are \(page.samples)")
    }
    let bytes = page.width * page.height * page.samples * Int(header.sample_bytes)
    let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 16)
    defer { raw.deallocate() }
    if let followers, index > 0 {
      try follow(followers, index, into: raw)
    } else {
      var copy = header
      guard let base = raw.baseAddress, ctiff_read(handle, &copy, base, bytes) else {
        throw ImageError(
          .badData, url, page: index,
          "the pixels cannot be read (\(String(cString: ctiff_message(handle))))",
          advice: "The file is cut short or damaged; copy it again from its source")
      }
    }
    return try body(
      PixelSamples(
        bytes: UnsafeRawBufferPointer(raw), kind: Self.kind(header), width: page.width,
        height: page.height, samples: page.samples, sample: sample,
        bits: header.bits < 16 ? page.bits : nil))
  }

  private func follow(
    _ followers: Followers, _ index: Int, into raw: UnsafeMutableRawBufferPointer
  ) throws(ImageError) {
    do throws(ArrayFileError) {
      try followers.file.read(
        at: Int(followers.header.first_byte) + index * followers.planeBytes, into: raw)
    } catch {
      throw ImageError(error)
    }
    let size = Int(followers.header.sample_bytes)
    guard followers.header.swapped, size > 1 else { return }
    for start in stride(from: 0, to: raw.count, by: size) {
      raw[start..<start + size].reverse()
    }
  }

  private func select(_ index: Int) throws(ImageError) -> (header: ctiff_page, page: Page) {
    guard index >= 0, index < pageCount else {
      throw ImageError(
        .badData, url, page: index, "the file has only \(pageCount) pages",
        advice: "Its description may be wrong; name the channels by number")
    }
    var header = ctiff_page()
    guard ctiff_select(handle, followers == nil ? UInt32(index) : 0, &header) else {
      throw ImageError(
        .badData, url, page: index,
        "the header cannot be read (\(String(cString: ctiff_message(handle))))",
        advice: "Copy it again from its source")
    }
    return (header, try checked(header, index))
  }

  static func kind(_ header: ctiff_page) -> ElementType {
    switch (header.sample_bytes, header.format) {
    case (1, UInt16(CTIFF_SIGNED)): .int8
    case (1, _): .uint8
    case (2, UInt16(CTIFF_FLOAT)): .float16
    case (2, UInt16(CTIFF_SIGNED)): .int16
    case (2, _): .uint16
    case (4, UInt16(CTIFF_FLOAT)): .float32
    case (4, UInt16(CTIFF_SIGNED)): .int32
    case (4, _): .uint32
    case (_, UInt16(CTIFF_FLOAT)): .float64
    case (_, UInt16(CTIFF_SIGNED)): .int64
    default: .uint64
    }
  }

  /// The bytes of a file.
  private static func length(of url: URL) throws(ImageError) -> Int {
    guard let facts = FileFacts(url) else {
      throw ImageError(.missingInput, url, "there is no such file", advice: "Check the path")
    }
    guard facts.isRegular else {
      throw ImageError(
        .badData, url, facts.isFolder ? "this is a folder" : "this is no regular file",
        advice: "Name a TIFF file")
    }
    guard facts.byteCount > 0 else {
      throw ImageError(
        .badData, url, "the file is empty", advice: "Copy it again from its source")
    }
    return facts.byteCount
  }

  /// The planes after the first of a file that has one header for all.
  private static func followers(
    of header: ctiff_page, told: Int, pages: Int, _ url: URL, _ byteCount: Int
  ) throws(ImageError) -> Followers? {
    guard pages == 1, told > 1, header.contiguous, !header.palette else { return nil }
    let row = Int(header.width) * Int(header.samples) * Int(header.sample_bytes)
    let (planeBytes, overflow) = row.multipliedReportingOverflow(by: Int(header.height))
    let start = Int(clamping: header.first_byte)
    guard !overflow, planeBytes > 0, start < byteCount else { return nil }
    let whole = (byteCount - start) / planeBytes
    // One plane and no more: the description is about another file, as the check of it says.
    guard whole > 1 else { return nil }
    guard whole >= told else {
      throw ImageError(
        .badData, url,
        "the description tells of \(told) planes that follow one another, of which only \(whole) are "
          + "there", advice: "The file is cut short; copy it again from its source")
    }
    do throws(ArrayFileError) {
      return Followers(file: try OpenFile(url), header: header, planeBytes: planeBytes)
    } catch {
      throw ImageError(error)
    }
  }

  static func text(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
