/// The compressions of TIFF pages by their names.
enum TIFFCompression {
  /// The name of a compression, by the number that a header has for it.
  static func name(_ number: UInt16) -> String {
    switch number {
    case 2: "CCITT modified Huffman"
    case 3: "CCITT group 3"
    case 4: "CCITT group 4"
    case 5: "LZW"
    case 6: "old JPEG"
    case 7: "JPEG"
    case 8, 32_946: "deflate"
    case 9, 10: "JBIG"
    case 32_766: "NeXT"
    case 32_773: "PackBits"
    case 32_809: "ThunderScan"
    case 32_908, 32_909: "Pixar"
    case 33_003, 33_004, 33_005, 34_712: "JPEG 2000"
    case 34_661, 34_715: "JBIG"
    case 34_676, 34_677: "SGI Log"
    case 34_887: "LERC"
    case 34_892: "lossy JPEG"
    case 34_925: "LZMA"
    case 34_926, 50_000: "Zstandard"
    case 34_927, 50_001: "WebP"
    case 22_610, 34_934: "JPEG XR"
    case 34_933: "PNG"
    case 50_002, 52_546: "JPEG XL"
    case 50_013: "Pixtiff"
    case 65_000, 65_001, 65_002: "EER"
    default: "number \(number)"
    }
  }

  /// Whether a compression changes values, after which numbers of objects mean nothing.
  static func isLossy(_ number: UInt16) -> Bool { [6, 7, 34_892].contains(number) }

  /// How a file gets a compression that every reader has.
  static func advice(_ file: String) -> String {
    "Convert it with Bio-Formats, bfconvert -compression zlib \(file) new.ome.tif, or in Python "
      + "with tifffile and imagecodecs, tifffile.imwrite('new.tif', tifffile.imread('\(file)'), compression='zlib')"
  }
}
