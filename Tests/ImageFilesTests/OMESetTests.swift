import ArrayFiles
import Foundation
import ImageFiles
import ImageTestSupport
import Raster
import Testing

/// OME-TIFF whose planes lie in several files.
struct OMESetTests {
  @Test func planesAreReadFromTheFilesOfASet() throws {
    let folder = try TestFolder()
    try OMESet.write(folder) { _ in OMESet.text }
    for name in ["first.ome.tif", "second.ome.tif"] {
      let stack = try ImageStack(folder.path(name))
      #expect(stack.channels == ["a > b", "\"c\""])
      #expect(stack.pixelSize == 0.5)
      #expect(try stack.plane(channel: 0).pixels[0] == 5)
      #expect(try stack.plane(channel: 1).pixels[0] == 6)
    }
  }

  @Test func aDescriptionMayBeInAFileOfItsOwn() throws {
    let folder = try TestFolder()
    let pointer = "<OME><BinaryOnly MetadataFile=\"set.companion.ome\" UUID=\"u\"/></OME>"
    try OMESet.write(folder) { _ in pointer }
    let missing = #expect(throws: ImageError.self) {
      try ImageStack(folder.path("first.ome.tif"))
    }
    #expect(missing?.problem == "its description is in set.companion.ome, which cannot be read")
    try Data(OMESet.text.utf8).write(to: folder.path("set.companion.ome"))
    let stack = try ImageStack(folder.path("second.ome.tif"))
    #expect(try stack.plane(channel: 0).pixels[0] == 5)
  }

  @Test func aMissingFileOfASetIsNamed() throws {
    let folder = try TestFolder()
    try OMESet.write(folder) { _ in OMESet.text }
    try FileManager.default.removeItem(at: folder.path("second.ome.tif"))
    let stack = try ImageStack(folder.path("first.ome.tif"))
    #expect(try stack.plane(channel: 0).pixels[0] == 5)
    let error = #expect(throws: ImageError.self) { try stack.plane(channel: 1) }
    #expect(error?.kind == .missingInput)
    #expect(error?.description.contains("second.ome.tif: there is no such file") == true)
  }

  @Test func aRenamedFileIsStillItself() throws {
    let folder = try TestFolder()
    let url = folder.path("new name.tif")
    let writer = try TIFFWriter(url)
    try writer.append(
      [UInt16](repeating: 9, count: 12), width: 4, height: 3,
      description: ImageStackTests.ome(
        order: "XYCZT", c: 1, z: 1, t: 1,
        inside: "<TiffData IFD='0'><UUID FileName='old.tif'>u</UUID></TiffData>"))
    try writer.finish()
    #expect(try ImageStack(url).plane(channel: 0).pixels[0] == 9)
  }

  @Test func aDescriptionLeadsToNoOtherFolder() throws {
    let folder = try TestFolder()
    try OMESet.write(folder) { _ in
      OMESet.text.replacing("second.ome.tif", with: "../../etc/second.ome.tif")
    }
    #expect(try ImageStack(folder.path("first.ome.tif")).plane(channel: 1).pixels[0] == 6)
  }
}
