import ArrayFiles
import Foundation
import ImageFiles
import ImageTestSupport
import Numerics
import Raster
import Testing

/// Images as other programs write them; `tools/reference/image_files.py` made the files.
struct ImageFileTests {
  @Test(arguments: ["u8_strips.tif", "u8_lzw.tif", "u8_packbits.tif", "u8.png"])
  func bytesAreRead(name: String) throws {
    let stack = try ImageStack(ImageFixture.fixture(name))
    #expect(stack.width == 37 && stack.height == 29 && stack.channels.count == 1)
    let plane = try stack.plane(channel: 0)
    #expect(plane.pixels == ImageFixture.page())
    #expect(plane.ceiling == 255)
  }

  @Test(arguments: [
    "u16_deflate_tiles.tif", "u16_lzw_big_endian.tif", "u16_big.tif", "u16_zstd.tif", "u32.tif",
    "u16.png",
  ])
  func wideNumbersAreRead(name: String) throws {
    let plane = try ImageStack(ImageFixture.fixture(name)).plane(channel: 0)
    #expect(plane.pixels == ImageFixture.page { $0 * 200 })
  }

  @Test func signedAndFloatingPointNumbersAreRead() throws {
    let signed = try ImageStack(ImageFixture.fixture("i16.tif")).plane(channel: 0)
    #expect(signed.pixels == ImageFixture.page { $0 * 200 - 20_000 })
    #expect(signed.ceiling == 32_767)
    for name in ["f32_deflate_tiles.tif", "f64.tif"] {
      let plane = try ImageStack(ImageFixture.fixture(name)).plane(channel: 0)
      #expect(plane.pixels == ImageFixture.page { Float(Double($0 * 200) / 1_000) }, "\(name)")
      #expect(plane.ceiling == nil)
    }
    let packed = try ImageStack(ImageFixture.fixture("u8_jpeg.tif")).plane(channel: 0)
    #expect(packed.pixels.allSatisfy { $0 == 97 })
  }

  @Test(arguments: ["u8_rgb.tif", "u8_rgb_planar.tif", "rgb.png", "rgba.png", "u8_pages.tif"])
  func channelsAreSamplesOrPages(name: String) throws {
    let stack = try ImageStack(ImageFixture.fixture(name))
    #expect(stack.channels.count == 3)
    if name != "u8_pages.tif" { #expect(stack.channels == ["red", "green", "blue"]) }
    for channel in 0..<3 {
      #expect(try stack.plane(channel: channel).pixels == ImageFixture.page(channel), "\(channel)")
    }
  }

  @Test func hyperstacksOfImageJTellChannelsSlicesAndPixels() throws {
    let stack = try ImageStack(ImageFixture.fixture("imagej_c2z3.tif"))
    #expect(stack.channels.count == 2 && stack.slices == 3)
    #expect(stack.pixelSize == 0.25)
    #expect(try stack.plane(channel: 1, projection: .slice(2)).pixels == ImageFixture.page(5))
  }

  @Test func eachImageOfAnOMEFileHasItsOwnChannels() throws {
    let url = ImageFixture.fixture("two_images.ome.tif")
    let first = try ImageStack(url)
    #expect(first.channels == ["GFP & more", "Hoechst"])
    #expect(first.slices == 3 && abs((first.pixelSize ?? 0) - 0.325) < 1e-12)
    #expect(try first.plane(channel: 1, projection: .slice(2)).pixels == ImageFixture.page(5))
    #expect(try first.plane(channel: 0, projection: .slice(1)).pixels == ImageFixture.page(2))
    let second = try ImageStack(url, image: 1)
    #expect(second.channels == ["a", "b"] && second.slices == 1)
    #expect(try second.plane(channel: 1).pixels == ImageFixture.page(8))
    let error = #expect(throws: ImageError.self) { try ImageStack(url, image: 2) }
    #expect(error?.description.contains("image 2 was requested, there are 2") == true)
  }

  @Test func numbersOfPalettesAreLabelsButNoGreyValues() throws {
    let url = ImageFixture.fixture("palette.png")
    let error = #expect(throws: ImageError.self) { try ImageStack(url) }
    #expect(error?.problem == "the picture has a palette of colours")
    #expect(try ImageStack(ImageFixture.fixture("u1.png")).plane(channel: 0).ceiling == 1)
  }

  @Test func arraysAreRead() throws {
    let folder = try TestFolder()
    let url = folder.path("field.npy")
    let writer = try NPYWriter(url, elementType: .uint16, itemShape: [29, 37])
    for page in 0..<2 { try writer.append(ImageFixture.page(page).map { UInt16($0) }) }
    try writer.finish()
    let stack = try ImageStack(url)
    #expect(stack.channels.count == 2 && stack.width == 37 && stack.height == 29)
    #expect(try stack.plane(channel: 1).pixels == ImageFixture.page(1))
    #expect(try stack.plane(channel: 1).ceiling == 65_535)
    // Channels last, as in RGB.
    let last = try NPYWriter(url, elementType: .float32, itemShape: [37, 3])
    for y in 0..<29 {
      try last.append(
        (0..<37 * 3).map { ImageFixture.value($0 / 3, y, page: $0 % 3) })
    }
    try last.finish()
    #expect(try ImageStack(url).plane(channel: 2).pixels == ImageFixture.page(2))
    let plane = try NPYWriter(url, elementType: .float64, itemShape: [37])
    try plane.append(ImageFixture.page())
    try plane.finish()
    #expect(try ImageStack(url).plane(channel: 0).pixels == ImageFixture.page())
    let deep = try NPYWriter(url, elementType: .uint8, itemShape: [2, 2, 3, 4])
    try deep.append([UInt8](repeating: 0, count: 48))
    try deep.finish()
    let error = #expect(throws: ImageError.self) { try ImageStack(url) }
    #expect(error?.problem == "the array has the shape [1, 2, 2, 3, 4]")
    try Data("\u{93}NUMPY".utf8).write(to: url)
    #expect(throws: ImageError.self) { try ImageStack(url) }
  }

  @Test(arguments: ["u16.png", "rgb.png", "u8_lzw.tif", "two_images.ome.tif"])
  func damagedFilesAreErrorsAndNeverACrash(name: String) throws {
    let folder = try TestFolder()
    let url = folder.path(name)
    let whole = try Data(contentsOf: ImageFixture.fixture(name))
    var random = SplitMix64(seed: 11)
    func read(_ data: Data) throws {
      try data.write(to: url)
      do throws(ImageError) {
        let stack = try ImageStack(url)
        for channel in stack.channels.indices { _ = try stack.plane(channel: channel) }
      } catch {
        #expect(!error.problem.isEmpty)
      }
    }
    for length in stride(from: 0, to: whole.count, by: max(1, whole.count / 150)) {
      try read(whole.prefix(length))
    }
    for _ in 0..<200 {
      var broken = whole
      for _ in 0..<random.integer(1, 4) {
        broken[random.integer(0, whole.count - 1)] = UInt8(random.integer(0, 255))
      }
      try read(broken)
    }
  }

  @Test func pngHeadersThatLieAreRefused() throws {
    let folder = try TestFolder()
    let url = folder.path("huge.png")
    var data = try Data(contentsOf: ImageFixture.fixture("u16.png"))
    // Width and height of the header, whose checksum libpng then finds wrong; both are errors.
    data.replaceSubrange(16..<24, with: [0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0])
    try data.write(to: url)
    #expect(throws: ImageError.self) { try ImageStack(url) }
  }
}
