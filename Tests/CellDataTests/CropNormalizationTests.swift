import ArrayFiles
import CellData
import Foundation
import Testing

/// Pixels measured by the brightness of their own crop.
@Suite struct CropNormalizationTests {
  private func crops(_ folder: TestFolder, factors: [Float]) throws -> CellDataSet {
    // Two cells of two channels and a distance, 40 x 40; values are all different.
    var values: [Float] = []
    for (cell, factor) in factors.enumerated() {
      for pixel in 0..<1600 {
        let bright = Float((pixel * 7919 + cell * 13) % 1600) / 1600
        values += [factor * bright, 3 * factor * (1 - bright), Float(pixel) - 800]
      }
    }
    try NPY.write(
      values, shape: [factors.count, 40, 40, 3], to: folder.file("Image_data00.npy"))
    let rows = factors.indices.map { _ in "ACTB,1\n" }.joined()
    try ("name,FOV_id\n" + rows).write(
      to: folder.file("Label_data00.csv"), atomically: true, encoding: .utf8)
    return try CellDataSet(
      folder.url,
      options: CellDataOptions(channels: ["pro", "nuc", "nucdist"], normalization: .crop))
  }

  @Test func brightnessTellsNothing() throws {
    let folder = try TestFolder()
    let data = try crops(folder, factors: [1, 1, 250])
    let reader = CropReader(data)
    let once = try reader.crop(0)
    // The second brightest of 1,600 pixels becomes 1, and so does the brightest.
    let sorted = once[0..<1600].sorted()
    #expect(sorted[1598] == 1 && sorted[1599] == 1 && sorted[1597] < 1)
    #expect(once[0..<1600].min() == 0)
    #expect(once[1600..<3200].max() == 1)
    // Distances stay what they are, times the layout's 0.01.
    #expect(once[3200] == -8 && abs(once[4799] - 7.99) < 1e-5)
    // 250 times as bright, the same values (in another pattern, so sorted).
    let bright = try reader.crop(2)
    #expect(bright.allSatisfy { $0 <= 8 })
    let one = try reader.crop(1)[..<1600].sorted()
    for (a, b) in zip(one, bright[..<1600].sorted()) { #expect(abs(a - b) < 1e-5) }
  }

  @Test func emptyChannelsStayEmpty() throws {
    let folder = try TestFolder()
    let data = try crops(folder, factors: [0])
    #expect(try CropReader(data).crop(0)[..<3200].allSatisfy { $0 == 0 })
  }
}
