import ArrayFiles
import CellData
import Foundation
import Testing

@Suite struct LayoutTests {
  @Test func releasedLayoutReadsChannelsLabelsAndFields() throws {
    let made = try ReleasedData([[3, 2], [4]])
    let data = try made.open()
    #expect(data.layout == .released)
    #expect(data.count == 9)
    #expect(data.channels.map(\.name) == ["pro", "nuc", "nucdist", "nucmask"])
    #expect(data.channelNames == ["pro", "nuc"])
    #expect(data.cropShape == [2, 6, 6])
    #expect(data.labels.names == ["ensg", "name", "FOV_id"])
    #expect(data.labelColumn?.name == "name")
    #expect(data.fieldColumn?.name == "FOV_id")
    #expect(data.imageByteCount == 9 * 6 * 6 * 4 * 4)
    let reader = CropReader(data)
    for row in 0..<9 {
      #expect(try reader.crop(row) == expected(row, channels: [0, 1], height: 6, width: 6))
      #expect(data.labelColumn?[row] == made.rows[row].protein)
      #expect(data.fieldColumn?[row] == made.rows[row].field)
    }
    #expect(data.cell(0) == "Image_data00:0")
    #expect(data.cell(4) == "Image_data01:0")
    #expect(data.place(8) == ("Image_data01", 4))
  }

  @Test func channelsGoByNameNumberAndOtherUsualNames() throws {
    let made = try ReleasedData([[2], [2]])
    for (names, indices) in [
      (["nucdist", "pro"], [2, 0]), (["3"], [3]), (["protein", "nucleus"], [0, 1]),
      (["nuclear_distance"], [2]),
    ] {
      #expect(try made.open(CellDataOptions(channels: names)).selectedChannels == indices)
    }
    let data = try made.open(CellDataOptions(channels: ["nucdist"]))
    let plain = expected(3, channels: [2], height: 6, width: 6)
    // Nuclear distance comes in pixels and is brought to the scale of the others.
    #expect(try CropReader(data).crop(3) == plain.map { $0 * 0.01 })
    let doubled = try made.open(
      CellDataOptions(channels: ["nucdist"], intensityFactors: ["nucdist": 2]))
    #expect(try CropReader(doubled).crop(3) == plain.map { $0 * 2 })
    #expect(
      cellDataError { _ = try made.open(CellDataOptions(channels: ["green"])) }
        == .unknownChannel(name: "green", available: ["pro", "nuc", "nucdist", "nucmask"]))
  }

  @Test func sampleLayoutJoinsFilesOfOneChannel() throws {
    let folder = try TestFolder()
    var row = 0
    for (name, count) in [("ACTB", 3), ("A_B", 2)] {
      for (channel, suffix) in ["pro", "nuc", "nucdist"].enumerated() {
        let values = (row..<row + count).flatMap {
          expected($0, channels: [channel], height: 5, width: 5)
        }
        try NPY.write(values, shape: [count, 5, 5], to: folder.file("\(name)_\(suffix).npy"))
      }
      try folder.writeStrings(
        "\(name)_label.npy", (0..<count).map { ["ENSG\(row)", name, "x\($0)"] })
      row += count
    }
    let data = try CellDataSet(folder.url)
    #expect(data.layout == .sample)
    #expect(data.channels.map(\.name) == ["pro", "nuc", "nucdist"])
    #expect(data.labels.names == ["ensg", "name", "column2"])
    #expect(data.labelColumn?.name == "name")
    #expect(data.fieldColumn == nil)
    // Files come in code-point order: "ACTB" before "A_B".
    #expect((0..<5).map { data.cell($0) } == ["ACTB:0", "ACTB:1", "ACTB:2", "A_B:0", "A_B:1"])
    let reader = CropReader(data, channels: [1, 0])
    for row in 0..<5 {
      #expect(try reader.crop(row) == expected(row, channels: [1, 0], height: 5, width: 5))
    }
    let book = try data.labelBook()
    #expect(book.classes == ["ACTB", "A_B"])
    #expect(book.labels == [0, 0, 0, 1, 1])
    let last = try CellDataSet(folder.url, options: CellDataOptions(fieldColumn: "-1"))
    #expect(last.fieldColumn?.name == "column2")
  }

  @Test func sampleLayoutReadsPickledLabels() throws {
    let folder = try TestFolder()
    let fixture = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/pickled_labels.npy")
    try FileManager.default.copyItem(at: fixture, to: folder.file("LMNB1_label.npy"))
    try NPY.write(
      [Float](repeating: 1, count: 3 * 16), shape: [3, 4, 4], to: folder.file("LMNB1_pro.npy"))
    let data = try CellDataSet(folder.url)
    #expect(
      data.labels.columns.map { [$0.name, $0[2]] } == [
        ["ensg", "ENSG00000113368"], ["name", "LMNB1"], ["column2", "nuclear_membrane"],
      ])
  }

  @Test func oneArrayFindsItsChannelAxis() throws {
    let folder = try TestFolder()
    let url = folder.file("cells.npy")
    for (channelsLast, shape) in [(true, [3, 7, 6, 2]), (false, [3, 2, 7, 6])] {
      try NPY.write(
        crops(0..<3, channels: 2, height: 7, width: 6, channelsLast: channelsLast), shape: shape,
        to: url)
      let data = try CellDataSet(url)
      #expect(data.layout == .array)
      #expect(data.cropShape == [2, 7, 6])
      #expect(data.channelNames == ["channel0", "channel1"])
      #expect(data.labelColumn == nil)
      #expect(
        try CropReader(data).crop(2) == expected(2, channels: [0, 1], height: 7, width: 6))
      let second = try CellDataSet(url, options: CellDataOptions(channels: ["1"]))
      #expect(try CropReader(second).crop(1) == expected(1, channels: [1], height: 7, width: 6))
    }
    try NPY.write(
      crops(0..<3, channels: 1, height: 7, width: 6), shape: [3, 7, 6], to: url)
    let single = try CellDataSet(url)
    #expect(single.cropShape == [1, 7, 6])
    #expect(try CropReader(single).crop(2) == expected(2, channels: [0], height: 7, width: 6))
  }

  @Test func tablesBesideAnArrayAreFound() throws {
    let folder = try TestFolder()
    let url = folder.file("crops_u8.npy")
    try NPY.write([UInt8](repeating: 3, count: 3 * 16), shape: [3, 4, 4], to: url)
    try folder.write("index,gene,fov\n0,B,1\n1,A,1\n2,B,2\n", to: "crops.csv")
    for place in [url, folder.url] {
      let data = try CellDataSet(place)
      #expect(data.labelColumn?.name == "gene")
      #expect(data.fieldColumn?.name == "fov")
      #expect(try data.labelBook().classes == ["A", "B"])
      #expect(data.notes.contains { $0.contains("crops.csv") })
    }
    try folder.write("cell,what\nx,1\ny,1\nz,2\n", to: "other.csv")
    let data = try CellDataSet(
      url, options: CellDataOptions(labelsTable: folder.file("other.csv")))
    #expect(data.labelColumn?.name == "what")
    #expect((0..<3).map { data.cell($0) } == ["x", "y", "z"])
  }
}
