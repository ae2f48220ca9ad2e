import ArrayFiles
import CellData
import Foundation
import Testing

@Suite struct StatisticsTests {
  @Test func varianceIsNumPysOverAllChosenChannels() throws {
    let data = try ReleasedData([[90], [71]], side: 7).open(
      CellDataOptions(channels: ["pro", "nucdist"]))
    let rows = Array(stride(from: 3, to: 150, by: 1))
    let values = rows.flatMap { row in
      expected(row, channels: [0], height: 7, width: 7)
        + expected(row, channels: [2], height: 7, width: 7).map { $0 * 0.01 }
    }.map(Double.init)
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    let found = try IntensityStatistics(data, rows: rows)
    #expect(abs(found.variance - variance) < 1e-12 * variance)
    #expect(abs(found.mean - mean) < 1e-12 * mean)
    #expect(found.crops == 147 && !found.isSample)
    #expect(found.channels.map(\.name) == ["pro", "nucdist"])
    #expect(found.channels[0].minimum == pixel(3, 0, 0, 0))
    #expect(found.channels[0].maximum == pixel(149, 0, 6, 6))
    #expect(found.channels[1].maximum == pixel(149, 2, 6, 6) * 0.01)
    for threads in [1, 3, 7] {
      #expect(try IntensityStatistics(data, rows: rows, threads: threads) == found)
    }
  }

  @Test func aSampleIsSpreadAndSaysSo() throws {
    let data = try ReleasedData([[50], [50]]).open()
    let all = Array(0..<100)
    let sample = try IntensityStatistics(data, rows: all, sampleLimit: 10)
    #expect(sample.crops == 10 && sample.isSample)
    let picked = try IntensityStatistics(data, rows: Array(stride(from: 0, to: 100, by: 10)))
    #expect(sample.variance == picked.variance)
    #expect(try !IntensityStatistics(data, rows: all, sampleLimit: 100).isSample)
  }

  @Test func aBadPixelIsNamed() throws {
    let folder = try TestFolder()
    var values = [Float](repeating: 0.5, count: 200 * 9)
    values[150 * 9] = .nan
    try NPY.write(values, shape: [200, 3, 3], to: folder.file("a.npy"))
    let data = try CellDataSet(folder.file("a.npy"))
    let error = cellDataError { _ = try IntensityStatistics(data, rows: Array(0..<200)) }
    #expect(error?.description.contains("row 150") == true)
    #expect(try IntensityStatistics(data, rows: Array(0..<150)).variance == 0)
  }
}
