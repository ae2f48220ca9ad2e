import ArrayFiles
import CellData
import Foundation
import Testing

@Suite struct InspectionTests {
  func kinds(_ inspection: DataInspection) -> Set<String> { Set(inspection.problems.map(\.kind)) }

  @Test func aSoundDataSetIsDescribed() throws {
    let made = try ReleasedData([[3, 2, 2], [4, 1, 1], [2, 2, 2]])
    let found = try DataInspection(made.folder.url)
    #expect(found.isUsable)
    #expect(found.problems.isEmpty)
    #expect(found.layout == .released)
    #expect(found.cells == 19 && found.cropsRead == 19 && found.imageFiles == 2)
    #expect(found.height == 6 && found.width == 6)
    #expect(found.elementTypes == ["float32"])
    #expect(found.channels.map(\.name) == ["pro", "nuc", "nucdist", "nucmask"])
    #expect(found.channels.map(\.isSelected) == [true, true, false, false])
    #expect(found.channels[0].maximum == pixel(18, 0, 5, 5))
    #expect(found.columns.map(\.role) == [nil, "protein", "field"])
    #expect(found.columns[1].distinct == 3)
    #expect(found.proteins?.count == 3)
    #expect(found.proteins?.fields == 9)
    #expect(found.proteins?.fewestFields == 3)
    let text = found.description
    #expect(text.contains("released layout"))
    #expect(text.contains("19, 6 x 6 pixels, 4 channels, float32"))
    #expect(text.contains("usable, 0 warnings"))
    let json = try JSONEncoder().encode(found)
    #expect(try JSONDecoder().decode(DataInspection.self, from: json) == found)
  }

  @Test func pixelsThatAreNoImageAreFound() throws {
    let folder = try TestFolder()
    let url = folder.file("cells.npy")
    var values = crops(0..<20, channels: 2, height: 5, width: 5)
    values[13 * 50 + 7] = .nan  // row 13, channel 1
    values[15 * 50 + 8] = .infinity  // row 15, channel 0
    for place in 0..<25 { values[4 * 50 + 2 * place] = 0.5 }  // row 4, channel 0
    values[6 * 50] = 5000
    try NPY.write(values, shape: [20, 5, 5, 2], to: url)
    let found = try DataInspection(url)
    #expect(!found.isUsable)
    #expect(kinds(found) == ["not_finite", "constant", "range", "no_labels"])
    #expect(found.problems.map(\.severity) == [.error, .error, .warning, .warning, .warning])
    #expect(found.problems[0].place == "cells row 15")
    #expect(found.problems[1].place == "cells row 13")
    #expect(found.problems.contains { $0.kind == "constant" && $0.place == "cells row 4" })
    #expect(found.channels[0].maximum == 5000)
    // A channel that is not used does no harm.
    let one = try DataInspection(url, options: CellDataOptions(channels: ["1"]))
    #expect(one.problems.first { $0.place == "cells row 15" }?.severity == .warning)
    let sample = try DataInspection(url, sampleLimit: 5)
    #expect(sample.cropsRead == 5)
    #expect(sample.notes.contains { $0.contains("5 of 20 crops") })
  }

  @Test func labelsThatWillMisleadAreFound() throws {
    let folder = try TestFolder()
    let url = folder.file("cells.npy")
    try NPY.write((0..<6 * 9).map { UInt8($0) }, shape: [6, 3, 3], to: url)
    try folder.write(
      "cell,gene,fov\na,X,1\na,X,1\nb,Y,1\nc,,1\nd,,2\ne,,3\n", to: "cells.csv")
    let found = try DataInspection(url)
    #expect(found.isUsable)
    #expect(
      kinds(found) == ["duplicate_ids", "class_with_one_cell", "empty_labels", "one_field"])
    let text = found.description
    #expect(text.contains("1 id occurs more than once (a)"))
    #expect(text.contains("1 class has one cell only (Y)"))
    #expect(text.contains("2 of 2 classes have one field of view (X, Y)"))
    try folder.write("gene\nX\nX\nX\nX\nX\nX\n", to: "cells.csv")
    #expect(try kinds(DataInspection(url)) == ["one_class", "no_fields"])
  }

  @Test func everythingWrongIsListedAtOnce() throws {
    let made = try ReleasedData([[4], [4]])
    try made.folder.write("broken", to: "Image_data00.npy")
    try made.folder.write("ensg,name,FOV_id\nE,P0,1\n", to: "Label_data01.csv")
    let found = try DataInspection(made.folder.url)
    #expect(!found.isUsable)
    #expect(found.problems.map(\.kind) == ["unreadable", "rows_differ"])
    #expect(found.problems[0].place.hasSuffix("Image_data00.npy, byte 0"))
    #expect(found.problems[1].place.hasSuffix("Label_data01.csv"))
    #expect(found.problems.allSatisfy { !$0.remedy.isEmpty })
    #expect(found.description.contains("cannot be used: 2 errors, 0 warnings"))
    #expect(cellDataError { _ = try DataInspection(made.folder.file("x")) }?.kind == .missingInput)
    let good = try ReleasedData([[2], [2]])
    let error = cellDataError {
      _ = try DataInspection(good.folder.url, options: CellDataOptions(labelColumn: "zz"))
    }
    #expect(error?.kind == .usage)
  }
}
