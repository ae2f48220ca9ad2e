import CellData
import Foundation
import Testing

/// Real crops and golden numbers that developers share beside the repository.
@Suite(.enabled(if: sharedFolder != nil)) struct SharedDataTests {
  let data = (sharedFolder ?? URL(filePath: "/")).appending(path: "data")

  @Test func releasedAndSampleLayoutsHoldTheSameCells() throws {
    let released = try CellDataSet(
      data.appending(path: "opencell36/released_layout"),
      options: CellDataOptions(channels: ["pro", "nuc", "nucdist"]))
    #expect(released.count == 349)
    #expect(try released.labelBook().classes.count == 36)
    #expect(released.fieldColumn?.name == "FOV_id")
    let sample = try CellDataSet(
      data.appending(path: "opencell36/sample_layout"),
      options: CellDataOptions(channels: ["pro", "nuc", "nucdist"]))
    #expect(sample.layout == .sample)
    // Eight pickled label arrays and a unicode one; the columns are gene id, gene, localization.
    #expect(sample.labels.names == ["ensg", "name", "column2"])
    #expect(sample.fieldColumn == nil)
    let book = try sample.labelBook()
    #expect(
      book.classes
        == ["ACTB", "ACTN1", "ANAPC4", "CCNB1", "CDC42", "CDK1", "CETN3", "NPM1", "VDAC1"])
    let rowsOfGene = Dictionary(grouping: 0..<released.count) { released.labelColumn?[$0] ?? "" }
    let (one, two) = (CropReader(released), CropReader(sample))
    for (label, gene) in book.classes.enumerated() {
      let rows = (0..<sample.count).filter { book.labels[$0] == Int32(label) }
      #expect(rows.count == rowsOfGene[gene]?.count)
      for (row, other) in zip(rows, rowsOfGene[gene] ?? []) {
        #expect(try two.crop(row) == one.crop(other))
      }
    }
  }

  @Test func oneFieldPerProteinIsSplitByCellWithAWarning() throws {
    let released = try CellDataSet(data.appending(path: "opencell36/released_layout"))
    let split = try Split(released, book: released.labelBook())
    #expect(split.train.count + split.validation.count + split.test.count == 349)
    #expect(!split.validation.isEmpty && !split.test.isEmpty)
    #expect(split.warnings.contains { $0.contains("36 of 36 classes have one field of view") })
  }

  @Test func aBareArrayIsReadWithTheTableBesideIt() throws {
    let wells = try CellDataSet(data.appending(path: "bbbc013"))
    #expect(wells.count == 794)
    #expect(wells.cropShape == [2, 64, 64])
    #expect(wells.labelColumn?.name == "well")
    let found = try DataInspection(data.appending(path: "bbbc013"))
    #expect(found.isUsable)
    #expect(found.channels.allSatisfy { $0.minimum >= 0 && $0.maximum <= 1 })
  }

  @Test func fieldsFallAsInTheGoldenSplit() throws {
    let golden = (sharedFolder ?? URL(filePath: "/")).appending(path: "golden/analysis")
    let folder = try TestFolder()
    try FileManager.default.copyItem(
      at: golden.appending(path: "split_labels.npy"), to: folder.file("all_label.npy"))
    let count = 1382
    try folder.writeNPY(
      "all_pro.npy", descriptor: "|u1", shape: [count, 1, 1], bytes: Data(count: count))
    let set = try CellDataSet(
      folder.url, options: CellDataOptions(labelColumn: "0", fieldColumn: "1"))
    let split = try Split(set, book: set.labelBook())
    #expect(split.warnings.isEmpty)
    let archive = try Data(contentsOf: golden.appending(path: "split_fov_indices.npz"))
    for part in Split.Part.allCases {
      #expect(Set(split[part]) == Set(try storedIndices(archive, part.rawValue)), "\(part)")
    }
  }

  /// The int64 array of a name in an uncompressed npz: found by its local header.
  func storedIndices(_ archive: Data, _ name: String) throws -> [Int] {
    let bytes = [UInt8](archive)
    let entry = Array("\(name).npy".utf8)
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    let place = try #require(bytes.firstRange(of: entry + magic) ?? located(bytes, entry, magic))
    let start = place.upperBound - magic.count
    let headerSize = Int(bytes[start + 8]) + Int(bytes[start + 9]) << 8
    let header = String(decoding: bytes[start + 10..<start + 10 + headerSize], as: UTF8.self)
    let shape = try #require(header.firstRange(of: "'shape': ("))
    let count = try #require(Int(header[shape.upperBound...].prefix { $0.isNumber }))
    let first = start + 10 + headerSize
    return (0..<count).map { index in
      (0..<8).reduce(0) { $0 | Int(bytes[first + index * 8 + $1]) << (8 * $1) }
    }
  }

  /// The same with an extra field between name and content, as NumPy writes it.
  func located(_ bytes: [UInt8], _ entry: [UInt8], _ magic: [UInt8]) -> Range<Int>? {
    guard let name = bytes.firstRange(of: entry) else { return nil }
    return bytes[name.upperBound...].firstRange(of: magic)
  }
}
