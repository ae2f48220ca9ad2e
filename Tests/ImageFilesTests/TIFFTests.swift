import ArrayFiles
import Foundation
import ImageFiles
import ImageTestSupport
import Numerics
import Raster
import Testing

/// TIFF files of ours and of others, and files that lie.
struct TIFFTests {
  /// A little-endian TIFF with one page of the given tags and pixel bytes, uncompressed unless told.
  static func tiff(
    width: UInt32, height: UInt32, bits: UInt32 = 8, format: UInt32 = 1, compression: UInt32 = 1,
    photometric: UInt32 = 1, samples: UInt32 = 1, planar: UInt32 = 1, byteCount: UInt32? = nil,
    pixels: [UInt8]
  ) -> Data {
    var tags: [(UInt16, UInt32)] = [
      (256, width), (257, height), (258, bits), (259, compression), (262, photometric),
      (273, 8), (277, samples), (278, height), (279, byteCount ?? UInt32(pixels.count)),
      (284, planar), (339, format),
    ]
    tags.sort { $0.0 < $1.0 }
    var data = Data([0x49, 0x49, 42, 0])
    func append<Number: FixedWidthInteger>(_ number: Number) {
      withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) }
    }
    let padded = pixels + (pixels.count.isMultiple(of: 2) ? [] : [0])
    append(UInt32(8 + padded.count))
    data.append(contentsOf: padded)
    append(UInt16(tags.count))
    for (tag, value) in tags {
      append(tag)
      append(UInt16(4))
      append(UInt32(1))
      append(value)
    }
    append(UInt32(0))
    return data
  }

  static func failure(of data: Data, named name: String = "image.tif") throws -> ImageError? {
    let folder = try TestFolder()
    let url = folder.path(name)
    try data.write(to: url)
    do throws(ImageError) {
      let reader = try TIFFReader(url)
      for page in 0..<reader.pageCount { _ = try reader.read(page: page) }
      return nil
    } catch {
      return error
    }
  }

  @Test func pagesReadBackAsWritten() throws {
    let folder = try TestFolder()
    let url = folder.path("two.tif")
    var random = SplitMix64(seed: 4)
    let pages = (0..<2).map { _ in (0..<(300 * 500)).map { _ in UInt16(random.integer(0, 65_535)) }
    }
    let writer = try TIFFWriter(url)
    try writer.append(pages[0], width: 300, height: 500, description: "first of two")
    #expect(!FileManager.default.fileExists(atPath: url.path))
    try writer.append(pages[1], width: 300, height: 500)
    try writer.finish()
    let reader = try TIFFReader(url)
    #expect(reader.pageCount == 2)
    #expect(reader.text == "first of two")
    for (index, page) in pages.enumerated() {
      let image = try reader.read(page: index)
      #expect(image.width == 300 && image.height == 500 && image.ceiling == 65_535)
      #expect(image.pixels == page.map { Float($0) })
    }
  }

  @Test func kindsOfNumbersAreRead() throws {
    let folder = try TestFolder()
    func pixels(_ data: Data) throws -> [Float] {
      let url = folder.path("kind.tif")
      try data.write(to: url)
      return try TIFFReader(url).read(page: 0).pixels
    }
    func bytes<Number>(_ numbers: [Number]) -> [UInt8] {
      numbers.withUnsafeBytes { Array($0) }
    }
    #expect(try pixels(Self.tiff(width: 2, height: 1, pixels: [3, 255])) == [3, 255])
    #expect(
      try pixels(Self.tiff(width: 2, height: 1, photometric: 0, pixels: [3, 255])) == [252, 0])
    #expect(
      try pixels(
        Self.tiff(width: 2, height: 1, bits: 16, format: 2, pixels: bytes([Int16(-5), 9])))
        == [-5, 9])
    #expect(
      try pixels(Self.tiff(width: 1, height: 2, bits: 32, pixels: bytes([UInt32(70_000), 1])))
        == [70_000, 1])
    #expect(
      try pixels(
        Self.tiff(width: 1, height: 2, bits: 32, format: 3, pixels: bytes([Float(0.5), -2])))
        == [0.5, -2])
    #expect(
      try pixels(Self.tiff(width: 1, height: 1, bits: 64, format: 3, pixels: bytes([1.25])))
        == [1.25])
  }

  @Test func numbersOfFewBitsAreReadAsTheyAre() throws {
    let folder = try TestFolder()
    let url = folder.path("bits.tif")
    func image(_ data: Data) throws -> GrayImage {
      try data.write(to: url)
      return try TIFFReader(url).read(page: 0)
    }
    // Rows begin at whole bytes; 0xABC, 0x123, 0xFFF of 12 bits lie one after the other.
    let one = try image(Self.tiff(width: 9, height: 2, bits: 1, pixels: [0xA0, 0x80, 0x01, 0x00]))
    #expect(one.pixels == [1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0])
    #expect(one.ceiling == 1)
    let twelve = try image(
      Self.tiff(width: 3, height: 1, bits: 12, pixels: [0xAB, 0xC1, 0x23, 0xFF, 0xF0]))
    #expect(twelve.pixels == [0xABC, 0x123, 0xFFF] && twelve.ceiling == 4_095)
  }

  @Test func negativesOfSignedNumbersAreTurnedRoundAndDisplaysOfImageJAreNot() throws {
    let folder = try TestFolder()
    let url = folder.path("white.tif")
    let negative = [Int16(-1), -101, 32_767, -32_768].withUnsafeBytes { Array($0) }
    try Self.tiff(width: 4, height: 1, bits: 16, format: 2, photometric: 0, pixels: negative)
      .write(to: url)
    #expect(try TIFFReader(url).read(page: 0).pixels == [0, 100, -32_768, 32_767])
  }

  @Test(arguments: [
    (34_712, "JPEG 2000"), (50_002, "JPEG XL"), (34_934, "JPEG XR"), (34_933, "PNG"),
    (33_003, "JPEG 2000"), (9, "JBIG"), (12_345, "number 12345"),
  ])
  func compressionsThatAreNotReadAreNamed(number: Int, name: String) throws {
    let error = try #require(
      try Self.failure(
        of: Self.tiff(width: 2, height: 2, compression: UInt32(number), pixels: [1, 2, 3, 4])))
    #expect(error.problem == "the page is compressed as \(name), which this program does not read")
    #expect(error.advice?.contains("bfconvert -compression zlib image.tif new.ome.tif") == true)
  }

  @Test func coloursThatAreNotReadAreNamed() throws {
    let error = try Self.failure(
      of: Self.tiff(width: 1, height: 1, photometric: 5, samples: 4, pixels: [1, 2, 3, 4]))
    #expect(
      error?.problem == "the colours of the page are CMYK, which this program does not read")
  }

  @Test(arguments: [
    ([0xFF, 0xD8, 0xFF, 0xE0], "a JPEG picture"),
    ([0xDA, 0xCE, 0xBE, 0x0A], "an ND2 file of Nikon"),
    (Array("ZISRAWFILE".utf8), "a CZI file of Zeiss"), ([0x1F, 0x8B, 8, 0], "a gzip archive"),
    (Array("version https://git-lfs.github.com/spec/v1".utf8), "a pointer of Git LFS"),
  ])
  func filesOfOtherFormatsAreNamed(start: [UInt8], name: String) throws {
    let error = try #require(
      try Self.failure(of: Data(start + [UInt8](repeating: 0, count: 300))))
    #expect(error.problem.hasPrefix("this is no TIFF file (\(name)"), "\(error)")
    #expect(error.advice?.isEmpty == false)
  }

  @Test func aLinkIsTheFileItLeadsTo() throws {
    let folder = try TestFolder()
    for name in ["u8_strips.tif", "u16.png"] {
      let link = folder.path(name)
      try FileManager.default.createSymbolicLink(
        at: link, withDestinationURL: ImageFixture.fixture(name))
      let direct = try ImageStack(ImageFixture.fixture(name)).plane(channel: 0)
      #expect(try ImageStack(link).plane(channel: 0) == direct, "\(name)")
    }
  }

  @Test func samplesOfColorPagesAreReadOneByOne() throws {
    let folder = try TestFolder()
    let url = folder.path("color.tif")
    try Self.tiff(width: 2, height: 1, photometric: 2, samples: 3, pixels: [1, 2, 3, 4, 5, 6])
      .write(to: url)
    let reader = try TIFFReader(url)
    #expect(try reader.page(0).samples == 3)
    #expect(try reader.read(page: 0, sample: 1).pixels == [2, 5])
    let error = #expect(throws: ImageError.self) { try reader.read(page: 0, sample: 3) }
    #expect(error?.kind == .usage)
  }

  @Test func filesThatAreNoTIFFAreRefused() throws {
    let missing = #expect(throws: ImageError.self) { try TIFFReader(URL(filePath: "/none.tif")) }
    #expect(missing?.kind == .missingInput)
    let empty = try #require(try Self.failure(of: Data()))
    #expect(empty.kind == .badData && empty.description.contains("the file is empty"))
    let text = try #require(try Self.failure(of: Data("hello, this is text".utf8)))
    #expect(text.description.contains("this is no TIFF file"))
    let folder = try TestFolder()
    let error = #expect(throws: ImageError.self) { try TIFFReader(folder.url) }
    #expect(error?.problem == "this is a folder")
  }

  @Test func headersThatLieAreRefused() throws {
    let huge = try #require(
      try Self.failure(of: Self.tiff(width: 100_000, height: 100_000, pixels: [1, 2, 3, 4])))
    #expect(huge.kind == .badData && huge.page == 0)
    #expect(huge.description.contains("100000 x 100000"))
    let claimed = Self.tiff(
      width: 30_000, height: 30_000, byteCount: 900_000_000, pixels: [1, 2, 3, 4])
    #expect(try Self.failure(of: claimed)?.problem.contains("only") == true)
    let deflated = Self.tiff(
      width: 30_000, height: 30_000, compression: 8, pixels: [1, 2, 3, 4])
    #expect(try Self.failure(of: deflated)?.problem.contains("only 4 bytes") == true)
    #expect(try Self.failure(of: Self.tiff(width: 0, height: 4, pixels: [1])) != nil)
    let bits = try #require(
      try Self.failure(
        of: Self.tiff(width: 8, height: 1, bits: 24, pixels: [UInt8](repeating: 1, count: 24))))
    #expect(bits.advice?.hasPrefix("Save it with 8, 16 or 32 bits") == true)
    let nan = Self.tiff(
      width: 1, height: 2, bits: 32, format: 3,
      pixels: [Float(0), .nan].withUnsafeBytes { Array($0) })
    #expect(try Self.failure(of: nan)?.problem == "the pixel at column 0, row 1 is not a number")
  }

  @Test func aFileThatIsCutBetweenItsPagesIsNoWholeFile() throws {
    let folder = try TestFolder()
    let url = folder.path("whole.tif")
    let writer = try TIFFWriter(url)
    for page in 0..<3 {
      try writer.append([UInt16](repeating: UInt16(page), count: 600), width: 30, height: 20)
    }
    try writer.finish()
    let whole = try Data(contentsOf: url)
    for length in 1..<whole.count {
      try whole.prefix(length).write(to: url)
      #expect(throws: ImageError.self, "\(length) of \(whole.count) bytes") {
        let reader = try TIFFReader(url)
        for page in 0..<reader.pageCount { _ = try reader.read(page: page) }
      }
    }
  }

  @Test func everyTruncationIsAnErrorAndNeverACrash() throws {
    let folder = try TestFolder()
    let url = folder.path("whole.tif")
    var random = SplitMix64(seed: 8)
    let writer = try TIFFWriter(url)
    for _ in 0..<2 {
      try writer.append(
        (0..<600).map { _ in UInt16(random.integer(0, 999)) }, width: 30, height: 20)
    }
    try writer.finish()
    let whole = try Data(contentsOf: url)
    for length in stride(from: 1, to: whole.count - 1, by: 7) {
      // The second page may be lost without a trace only if the first still reads as written.
      _ = try Self.failure(of: whole.prefix(length))
    }
    for _ in 0..<400 {
      var broken = whole
      for _ in 0..<random.integer(1, 6) {
        broken[random.integer(0, whole.count - 1)] = UInt8(random.integer(0, 255))
      }
      _ = try Self.failure(of: broken)
    }
  }
}
