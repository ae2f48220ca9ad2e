import ArrayFiles
import Foundation
import ImageFiles
import ImageTestSupport
import Raster
import Testing

struct ImageStackTests {
  /// A file of pages of 4 x 3 whose pixels have the number of the page.
  static func file(_ folder: TestFolder, pages: Int, description: String?) throws -> URL {
    let url = folder.path("stack.tif")
    let writer = try TIFFWriter(url)
    for page in 0..<pages {
      try writer.append(
        [UInt16](repeating: UInt16(page), count: 12), width: 4, height: 3,
        description: page == 0 ? description : nil)
    }
    try writer.finish()
    return url
  }

  static func ome(order: String, c: Int, z: Int, t: Int, width: Int = 4, inside: String = "")
    -> String
  {
    "<?xml version=\"1.0\"?><OME><Image ID='Image:0'><Pixels ID=\"p\" DimensionOrder=\"\(order)\" "
      + "SizeX=\"\(width)\" SizeY=\"3\" SizeC=\"\(c)\" SizeZ=\"\(z)\" SizeT=\"\(t)\" "
      + "PhysicalSizeX=\"325\" PhysicalSizeXUnit=\"nm\">\(inside)</Pixels></Image></OME>"
  }

  @Test func planesFollowTheOrderOfDimensions() throws {
    let folder = try TestFolder()
    for (order, expected) in [("XYCZT", Float(1 + 2 * 2)), ("XYZCT", Float(2 + 3 * 1))] {
      let url = try Self.file(
        folder, pages: 6, description: Self.ome(order: order, c: 2, z: 3, t: 1))
      let stack = try ImageStack(url)
      #expect(stack.channels.count == 2 && stack.slices == 3 && stack.times == 1)
      #expect(abs((stack.pixelSize ?? 0) - 0.325) < 1e-9)
      #expect(try stack.plane(channel: 1, projection: .slice(2)).pixels[0] == expected)
    }
  }

  @Test func slicesAreProjected() throws {
    let folder = try TestFolder()
    let url = try Self.file(
      folder, pages: 3, description: "ImageJ=1.53c\nimages=3\nslices=3\nhyperstack=true\n")
    let stack = try ImageStack(url)
    #expect(stack.channels.count == 1 && stack.slices == 3)
    #expect(try stack.plane(channel: 0).pixels[0] == 2)
    #expect(try stack.plane(channel: 0, projection: .mean).pixels[0] == 1)
    #expect(try stack.plane(channel: 0, projection: .slice(0)).pixels[0] == 0)
    #expect(throws: ImageError.self) { try stack.plane(channel: 0, projection: .slice(3)) }
  }

  @Test func channelsAreFoundByNameOrNumber() throws {
    let folder = try TestFolder()
    let url = try Self.file(
      folder, pages: 2,
      description: Self.ome(
        order: "XYCZT", c: 2, z: 1, t: 1,
        inside: "<Channel Name=\"GFP\"/><Channel Name=\"Hoechst\"/><TiffData/>"))
    let stack = try ImageStack(url)
    #expect(stack.channels == ["GFP", "Hoechst"])
    #expect(try stack.channel("hoechst") == 1)
    #expect(try stack.channel("0") == 0)
    let error = #expect(throws: ImageError.self) { try stack.channel("DAPI") }
    #expect(error?.kind == .usage)
    #expect(error?.advice == "Use one of 0 (GFP), 1 (Hoechst)")
  }

  @Test func planesAreFoundWhereTiffDataSays() throws {
    let folder = try TestFolder()
    let url = try Self.file(
      folder, pages: 2,
      description: Self.ome(
        order: "XYCZT", c: 2, z: 1, t: 1,
        inside: "<TiffData FirstC=\"0\" IFD=\"1\"/><TiffData FirstC=\"1\" IFD=\"0\"/>"))
    let stack = try ImageStack(url)
    #expect(try stack.plane(channel: 0).pixels[0] == 1)
    #expect(try stack.plane(channel: 1).pixels[0] == 0)
  }

  @Test func contradictionsAreErrors() throws {
    let folder = try TestFolder()
    func message(_ pages: Int, _ description: String?) throws -> String {
      let url = try Self.file(folder, pages: pages, description: description)
      let error = #expect(throws: ImageError.self) { try ImageStack(url) }
      return error?.description ?? ""
    }
    let short = try message(3, Self.ome(order: "XYCZT", c: 2, z: 3, t: 1))
    #expect(short.contains("the description tells of 6 pages, the file has 3"))
    let wide = try message(2, Self.ome(order: "XYCZT", c: 2, z: 1, t: 1, width: 40))
    #expect(wide.contains("the description says 40 x 3 pixels, the page has 4 x 3"))
    let many = try message(9, nil)
    #expect(many.contains("Say with --pages whether they are channels or slices"))
    let url = try Self.file(
      folder, pages: 2,
      description: Self.ome(
        order: "XYCZT", c: 2, z: 1, t: 1,
        inside: "<TiffData IFD=\"0\"/><TiffData FirstC=\"1\" IFD=\"0\">"
          + "<UUID FileName=\"other.tif\">urn</UUID></TiffData>"))
    let stack = try ImageStack(url)
    #expect(try stack.plane(channel: 0).pixels[0] == 0)
    let elsewhere = #expect(throws: ImageError.self) { try stack.plane(channel: 1) }
    #expect(elsewhere?.description.contains("other.tif: there is no such file") == true)
  }

  @Test func channelsOfOneNameAreNotToldApartByIt() throws {
    let folder = try TestFolder()
    let url = try Self.file(
      folder, pages: 2,
      description: Self.ome(
        order: "XYCZT", c: 2, z: 1, t: 1,
        inside: "<Channel Name=\"GFP\"/><Channel Name=\"gfp\"/><TiffData/>"))
    let stack = try ImageStack(url)
    let error = #expect(throws: ImageError.self) { try stack.channel("GFP") }
    #expect(error?.problem == "channels 0 and 1 are both called 'GFP'; say which by its number")
    #expect(try stack.channel("1") == 1)
  }

  @Test func planesMayFollowTheOneHeaderOfAnImageJFile() throws {
    let folder = try TestFolder()
    let url = folder.path("big.tif")
    // As ImageJ writes stacks above 4 GB: one header, and the planes one after the other.
    let text = "ImageJ=1.54f\nimages=4\nchannels=2\nslices=2\nhyperstack=true\n"
    var data = Data([0x49, 0x49, 42, 0])
    func append<Number: FixedWidthInteger>(_ number: Number) {
      withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) }
    }
    append(UInt32(8))
    let tags: [(UInt16, UInt16, UInt32, UInt32)] = [
      (256, 4, 1, 4), (257, 4, 1, 3), (258, 3, 1, 16), (259, 3, 1, 1), (262, 3, 1, 1),
      (270, 2, UInt32(text.utf8.count + 1), 200), (273, 4, 1, 400), (277, 3, 1, 1), (278, 4, 1, 3),
      (279, 4, 1, 24),
    ]
    append(UInt16(tags.count))
    for (tag, type, count, value) in tags {
      append(tag)
      append(type)
      append(count)
      append(value)
    }
    append(UInt32(0))
    data.append(Data(count: 200 - data.count))
    data.append(Data(text.utf8))
    data.append(Data(count: 400 - data.count))
    for page in 0..<4 { for pixel in 0..<12 { append(UInt16(100 * page + pixel)) } }
    try data.write(to: url)
    let stack = try ImageStack(url)
    #expect(stack.channels.count == 2 && stack.slices == 2)
    for page in 0..<4 {
      let plane = try stack.plane(channel: page % 2, projection: .slice(page / 2))
      #expect(plane.pixels == (0..<12).map { Float(100 * page + $0) })
    }
    #expect(try ImageStack(url, pages: .channels).channels.count == 4)
    try data.dropLast(1).write(to: url)
    for pages in [ImageStack.Pages.automatic, .channels] {
      let error = #expect(throws: ImageError.self) { try ImageStack(url, pages: pages) }
      #expect(error?.problem.contains("of which only 3 are there") == true)
    }
  }

  @Test func axesThatTifffileTellsAreUsed() throws {
    let folder = try TestFolder()
    let url = try Self.file(
      folder, pages: 6, description: "{\"shape\": [3, 2, 3, 4], \"axes\": \"ZCYX\"}")
    let stack = try ImageStack(url)
    #expect(stack.channels.count == 2 && stack.slices == 3)
    #expect(try stack.plane(channel: 1, projection: .slice(2)).pixels[0] == 5)
  }

  @Test func pagesCanBeDeclared() throws {
    let folder = try TestFolder()
    let url = try Self.file(folder, pages: 12, description: nil)
    #expect(try ImageStack(url, pages: .slices).slices == 12)
    #expect(try ImageStack(url, pages: .channels).channels.count == 12)
  }

  @Test(.enabled(if: SharedData.folder != nil)) func realFilesAreRead() throws {
    let data = try #require(SharedData.folder)
    let stack = try ImageStack(data.appending(path: "opencell36/fields/ACTB.ome.tif"))
    #expect(stack.channels.count == 2 && stack.width == 348)
    #expect(try (stack.plane(channel: 1).pixels.max() ?? 0) > 0)
    let hyperstack = try ImageStack(data.appending(path: "fields/BBBC022_IXMtest_A02_s9.tif"))
    #expect(hyperstack.channels.count == 3 && hyperstack.height == 395)
    let packed = try ImageStack(
      data.appending(path: "fields/AS_09125_050116030001_D03f00d0.tif"))
    let image = try packed.plane(channel: 0)
    #expect(image.width == 512 && image.ceiling == 255)
  }
}
