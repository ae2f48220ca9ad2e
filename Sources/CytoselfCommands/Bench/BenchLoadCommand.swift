import ArgumentParser
import CellData
import Foundation
import JobControl
import Numerics

/// `cytoself bench load DATA`: the rate at which crops become batches.
struct BenchLoadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Time the reading, augmenting and batching of crops.")

  @Argument(help: "A folder of crops in any layout, or one .npy.")
  var data: String

  @Option(help: "Crops per batch.")
  var batchSize = 32

  @Option(help: "Threads that read and convert.")
  var threads = 1

  @Option(help: "Passes through the data that are timed, after one that is not.")
  var epochs = 3

  @Option(help: ArgumentHelp("Channels by name or number, separated by commas.", valueName: "list"))
  var channels: String?

  @Flag(inversion: .prefixedNo, help: "Flip and rotate each crop at random.")
  var augment = true

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard batchSize >= 1, threads >= 1, epochs >= 1 else {
      throw ValidationError("--batch-size, --threads and --epochs are 1 or more.")
    }
  }

  private struct Report: Encodable, Sendable {
    let crops: Int
    let cropShape: [Int]
    let batchSize: Int
    let imagesPerSecond: Double
    let secondsPerEpoch: [Double]
    let peakRssMb: Double
    let threads: Int
  }

  func run() async throws {
    let command = self
    let report = try await DedicatedThread.run(name: "cytoself bench") { try command.measure() }
    try Measurement.print(report, asJSON: json) {
      [
        "\(report.crops) crops of \(report.cropShape), batch \(batchSize), \(threads) threads",
        "\(report.imagesPerSecond.decimals(0)) crops/s"
          + " (median of \(epochs) epochs; peak memory \(report.peakRssMb.decimals(0)) MB)",
      ]
    }
  }

  private func measure() throws -> Report {
    let options = CellDataOptions(
      channels: channels?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
    let set = try CellDataSet(URL(filePath: data), options: options)
    let loader = BatchLoader(
      set, rows: Array(0..<set.count),
      options: .init(
        batchSize: batchSize, shuffles: true, augmentation: augment ? .random : .none,
        threads: threads))
    let times = try Measurement.seconds(runs: epochs + 1) { epoch in
      let stream = loader.batches(epoch: epoch)
      while try stream.next() != nil {}
    }
    let timed = Array(times.dropFirst())
    return Report(
      crops: set.count, cropShape: set.cropShape, batchSize: batchSize,
      imagesPerSecond: Double(set.count) / Median.of(timed), secondsPerEpoch: timed,
      peakRssMb: Measurement.peakMegabytes(), threads: threads)
  }
}
