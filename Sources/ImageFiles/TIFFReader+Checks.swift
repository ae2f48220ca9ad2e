import ArrayFiles
import CTIFF
import Foundation

extension TIFFReader {
  private static let plainAdvice =
    "Save it with 8, 16 or 32 bits or floating point, in grey or RGB"

  /// The header of a page, if it can be and this program reads such pages.
  /// - Throws: ``ImageError`` of kind `badData`.
  func checked(_ header: ctiff_page, _ index: Int) throws(ImageError) -> Page {
    let (width, height) = (Int(header.width), Int(header.height))
    let claim = "\(width) x \(height) pixels of \(header.samples) x \(header.bits) bits"
    guard width > 0, height > 0, header.samples > 0, header.samples <= 64,
      width <= Self.largestPage / height
    else {
      throw ImageError(
        .badData, url, page: index, "the header claims \(claim), which cannot be",
        advice: "Copy it again from its source")
    }
    func unsupported(_ problem: String, _ advice: String = Self.plainAdvice) -> ImageError {
      ImageError(.badData, url, page: index, problem, advice: advice)
    }
    let isFloat = header.format == CTIFF_FLOAT
    let isKnown =
      isFloat
      ? [16, 32, 64].contains(header.bits)
      : (1...16).contains(header.bits) || [32, 64].contains(header.bits)
    let isPacked = header.bits % 8 != 0
    guard isKnown, (1...3).contains(header.format),
      !isPacked || header.format == CTIFF_UNSIGNED && !header.planar
    else { throw unsupported("the page has \(claim) (format \(header.format))") }
    guard
      !header.palette || acceptsPalette || header.palette_rises
        || StackLayout.isImageJ(text ?? "")
    else {
      throw unsupported(
        "the page has a palette of colours", "Save it with 8 or 16 bits in grey or RGB")
    }
    // A JPEG of more bits than 8 is decoded by few builds of its library.
    guard header.decodable, header.compression != 7 || header.bits == 8 else {
      let bits = header.compression == 7 && header.bits != 8 ? " of \(header.bits) bits" : ""
      throw unsupported(
        "the page is compressed as \(TIFFCompression.name(header.compression))\(bits), which this "
          + "program does not read", TIFFCompression.advice(url.lastPathComponent))
    }
    if let colors = Self.foreignColors(header) {
      throw unsupported("the colours of the page are \(colors), which this program does not read")
    }
    let bytes = (width * Int(header.samples) * Int(header.bits) + 7) / 8 * height
    let stored = min(Int(clamping: header.stored_bytes), byteCount)
    let enough =
      header.compression == 1 ? stored >= bytes : bytes / Self.greatestCompression <= stored
    guard enough else {
      throw ImageError(
        .badData, url, page: index,
        "the header claims \(claim), but only \(stored) bytes of them are there",
        advice: "The file is cut short or its header is wrong; copy it again from its source")
    }
    return Page(
      width: width, height: height, bits: Int(header.bits), samples: Int(header.samples),
      isFloat: isFloat, isSigned: header.format == CTIFF_SIGNED)
  }

  /// Colours whose samples are neither light nor red, green and blue; nil for those that are.
  private static func foreignColors(_ header: ctiff_page) -> String? {
    switch header.photometric {
    case 5: "CMYK"
    // libtiff turns the colours that JPEG stores apart back into red, green and blue.
    case 6: header.compression == 7 ? nil : "YCbCr"
    case 8, 9, 10: "CIELab"
    case 32_803: "those of a camera's colour filter"
    case 32_844, 32_845: "LogLuv"
    default: nil
    }
  }
}
