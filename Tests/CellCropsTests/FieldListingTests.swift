import ArrayFiles
import CellCrops
import Foundation
import ImageFiles
import ImageTestSupport
import Raster
import Testing

struct FieldListingTests {
  /// Small TIFF files whose pixels are a number.
  static func write(_ folder: TestFolder, _ names: [String], side: Int = 4) throws {
    for (number, name) in names.enumerated() {
      let url = folder.path(name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      let writer = try TIFFWriter(url)
      try writer.append(
        [UInt16](repeating: UInt16(number), count: side * side), width: side, height: side)
      try writer.finish()
    }
  }

  @Test func patternsTakeAsMuchAsTheyCan() throws {
    let pattern = try PathPattern("{plate}_{well}f{site}d{channel}.tif")
    #expect(
      pattern.values(in: "AS_09125_050116030001_D03f00d0.tif")
        == ["plate": "AS_09125_050116030001", "well": "D03", "site": "00", "channel": "0"])
    #expect(pattern.values(in: "D03f00d0.tif") == nil)
    #expect(pattern.values(in: "a/x_D03f00d0.tif") == nil)
    let deep = try PathPattern("{plate}/*_{well}_z{slice}*.tif")
    #expect(
      deep.values(in: "P1/img_B02_z007.ome.tif")
        == ["plate": "P1", "well": "B02", "slice": "007"])
    #expect(deep.values(in: "P1/img_B02_zx.tif") == nil)
  }

  @Test(arguments: [
    ("", "it is empty"), ("{wel}.tif", "there is no {wel}"), ("{well", "a { is not closed"),
    ("{well}{well}", "{well} stands in it twice"),
  ])
  func wrongPatternsAreRefused(text: String, problem: String) {
    let error = #expect(throws: ImageError.self) { try PathPattern(text) }
    #expect(error?.kind == .usage && error?.problem == problem)
  }

  @Test func filesOfOneFieldComeTogether() throws {
    let folder = try TestFolder()
    try Self.write(
      folder,
      [
        "P1/B02_s1_w2.tif", "P1/B02_s1_w1.tif", "P1/B02_s2_w1.tif", "P2/B02_s1_w1.tif",
        "P2/B02_s1_w2.tif", "P1/notes.tif",
      ])
    let listing = try FieldListing(
      [folder.url], pattern: try PathPattern("{plate}/{well}_s{site}_{channel}.tif"))
    #expect(listing.fields.map(\.stem) == ["P1_B02_1", "P1_B02_2", "P2_B02_1"])
    #expect(listing.unmatched.map(\.lastPathComponent) == ["notes.tif"])
    let field = listing.fields[0]
    #expect(field.plate == "P1" && field.well == "B02" && field.site == "1")
    let image = try FieldImage(field)
    #expect(image.channels == ["w1", "w2"])
    #expect(try image.plane("w1").pixels[0] == 1)
    #expect(try image.plane("1").pixels[0] == 0)
    let error = #expect(throws: ImageError.self) { try FieldImage(listing.fields[1]).plane("w2") }
    #expect(error?.problem == "the field has no channel 'w2'")
    #expect(error?.advice == "It has 0 (w1): a file may be missing")
  }

  @Test func slicesInFilesOfTheirOwnAreProjected() throws {
    let folder = try TestFolder()
    try Self.write(folder, ["a_c0_z10.tif", "a_c0_z2.tif", "a_c0_z1.tif", "a_c1_z1.tif"])
    let listing = try FieldListing(
      [folder.url], pattern: try PathPattern("{well}_c{channel}_z{slice}.tif"))
    let image = try FieldImage(try #require(listing.fields.first))
    #expect(listing.fields.count == 1 && image.slices == 3)
    #expect(try image.plane("0").pixels[0] == 2)
    #expect(try image.plane("0", projection: .mean).pixels[0] == 1)
    #expect(try image.plane("0", projection: .slice(2)).pixels[0] == 0)
    #expect(throws: ImageError.self) { try image.plane("0", projection: .slice(3)) }
  }

  @Test func imagesOfAFileAreFieldsAndFilesOfASetAreOne() throws {
    let several = try FieldListing([ImageFixture.fixture("two_images.ome.tif")])
    #expect(several.fields.map(\.stem) == ["two_images-i0", "two_images-i1"])
    #expect(several.fields.map(\.image) == [0, 1])
    let folder = try TestFolder()
    try OMESet.write(folder) { _ in OMESet.text }
    #expect(try FieldListing([folder.url]).fields.map(\.stem) == ["first"])
  }

  @Test func channelsOfMixedSizesAreAnError() throws {
    let folder = try TestFolder()
    try Self.write(folder, ["a_0.tif"])
    try Self.write(folder, ["a_1.tif"], side: 5)
    let listing = try FieldListing([folder.url], pattern: try PathPattern("{well}_{channel}.tif"))
    let error = #expect(throws: ImageError.self) { try FieldImage(listing.fields[0]).plane("1") }
    #expect(error?.problem == "the picture has 5 x 5 pixels, that of a_0.tif 4 x 4")
  }

  @Test func whatCannotBeToldApartIsRefused() throws {
    let folder = try TestFolder()
    try Self.write(folder, ["a_s1_0.tif", "a_s2_0.tif"])
    let same = #expect(throws: ImageError.self) {
      try FieldListing([folder.url], pattern: try PathPattern("{well}_*_{channel}.tif"))
    }
    #expect(same?.problem.contains("are both channel '0' of field a") == true)
    let none = #expect(throws: ImageError.self) {
      try FieldListing([folder.url], pattern: try PathPattern("{well}.png"))
    }
    #expect(none?.problem == "it fits none of 2 files")
  }

  @Test func rowsThatContradictEachOtherAreRefused() throws {
    let folder = try TestFolder()
    try Self.write(folder, ["x.tif", "y.tif"])
    var listing = try FieldListing([folder.url])
    let table = folder.path("fields.csv")
    try Data("file,name\nx.tif,A\ny.tif,B\nx.tif,C\n".utf8).write(to: table)
    let error = #expect(throws: ArrayFileError.self) { try listing.apply(table: table) }
    #expect(error?.place == "rows 2 and 4")
    #expect(error?.problem == "both name field x, with 'A' and 'C' in column 'name'")
    try Data("file,name\nx.tif,A\ny.tif,B\nx.tif,A\n".utf8).write(to: table)
    #expect(try listing.apply(table: table).rows.isEmpty)
    #expect(listing.fields.map(\.name) == ["A", "B"])
  }

  @Test func aFileOfSeveralChannelsIsNoChannelOfAPattern() throws {
    let folder = try TestFolder()
    for name in ["a_0.tif", "a_1.tif"] {
      let writer = try TIFFWriter(folder.path(name))
      for page in 0..<2 { try writer.append([UInt16(page)], width: 1, height: 1) }
      try writer.finish()
    }
    let listing = try FieldListing([folder.url], pattern: try PathPattern("{well}_{channel}.tif"))
    let error = #expect(throws: ImageError.self) { try FieldImage(listing.fields[0]).plane("0") }
    #expect(error?.problem.hasPrefix("the file holds channel 0, channel 1") == true)
    #expect(try FieldImage(listing.fields[0], pages: .slices).plane("0").pixels == [1])
  }

  @Test func tablesNameFieldsByFilePathOrName() throws {
    let folder = try TestFolder()
    try Self.write(folder, ["P1/x.tif", "P2/x.tif", "P2/y.tif"])
    var listing = try FieldListing([folder.url], pattern: try PathPattern("{plate}/*.tif"))
    #expect(listing.fields.map(\.stem) == ["P1_x", "P2_x", "P2_y"])
    let table = folder.path("fields.csv")
    try Data("file,name,site\nP2/x.tif,B,7\nP1/x.tif,A,\nP3/gone.tif,C,\n".utf8).write(to: table)
    let gaps = try listing.apply(table: table)
    #expect(listing.fields.map(\.name) == ["A", "B", "P2_y"])
    #expect(listing.fields.map(\.site) == ["", "7", ""])
    #expect(listing.fields.map(\.plate) == ["P1", "P2", "P2"])
    #expect(gaps.fields.map(\.stem) == ["P2_y"] && gaps.rows == ["P3/gone.tif"])
    try Data("field,name\nP2_y,Y\n".utf8).write(to: table)
    #expect(try listing.apply(table: table).fields.count == 2)
    #expect(listing.fields[2].name == "Y")
    try Data("image,name\nP2_y,Y\n".utf8).write(to: table)
    let error = #expect(throws: ArrayFileError.self) { try listing.apply(table: table) }
    #expect(error?.problem == "has no column 'file' or 'field' that names the fields")
  }
}
