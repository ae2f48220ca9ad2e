import ImageFiles

/// An OME-TIFF whose planes lie in two files.
package enum OMESet {
  /// Two files of one channel each, described by the same text, or by one of them alone.
  package static func write(_ folder: TestFolder, description: (String) -> String?) throws {
    for (number, name) in ["first.ome.tif", "second.ome.tif"].enumerated() {
      let writer = try TIFFWriter(folder.path(name))
      try writer.append(
        [UInt16](repeating: UInt16(number + 5), count: 12), width: 4, height: 3,
        description: description(name))
      try writer.finish()
    }
  }

  /// The description of both files.
  package static let text = """
    <?xml version="1.0"?><!-- <Image> in a comment --><OME:OME><OME:Image ID='Image:0'><OME:Pixels \
    DimensionOrder="XYZCT" SizeX="4" SizeY="3" SizeC="2" SizeZ="1" SizeT="1" PhysicalSizeX="0.5" \
    PhysicalSizeXUnit="&#181;m"><OME:Channel Name="a > b"/><OME:Channel Name='&quot;c&quot;'/>\
    <OME:TiffData FirstC="0" IFD="0"><OME:UUID FileName="first.ome.tif">u</OME:UUID></OME:TiffData>\
    <OME:TiffData FirstC="1" IFD="0"><OME:UUID FileName="second.ome.tif">u</OME:UUID></OME:TiffData>\
    </OME:Pixels></OME:Image></OME:OME>
    """
}
