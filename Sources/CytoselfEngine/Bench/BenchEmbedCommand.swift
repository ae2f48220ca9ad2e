import ArgumentParser
import CytoselfCommands
import CytoselfModel
import JobControl
import Torch
import Numerics

/// `cytoself bench embed`: the rate of embedding.
struct BenchEmbedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Time the embedding of batches.")

  @OptionGroup var options: BenchModelOptions

  @Option(
    name: .customLong("layer"),
    help: ArgumentHelp("A layer to compute; may be given several times.", valueName: "name"))
  var layers = ["vqvec2"]

  @Option(help: "Images per batch.")
  var batchSize = 32

  @Option(help: "Batches that are timed, after one that is not.")
  var steps = 9

  func validate() throws {
    try requireSettings(("training.batch_size", batchSize))
    guard steps >= 1 else { throw ValidationError("--steps is 1 or more.") }
  }

  private struct Report: Encodable, Sendable {
    let preset: String
    let layers: [String]
    let batchSize: Int
    let imagesPerSecond: Double
    let secondsPerStep: [Double]
    let peakRssMb: Double
    let sgemmGflops: Double
    let threads: Int
    let device: String
  }

  func run() async throws {
    let command = self
    let report = try await DedicatedThread.run(name: "cytoself bench") { try command.measure() }
    try Measurement.print(report, asJSON: options.json) {
      [
        "\(report.preset), \(layers.joined(separator: ", ")), batch \(batchSize),"
          + " \(report.threads) threads, \(report.device)",
        "\(report.imagesPerSecond.decimals(1)) images/s"
          + " (median of \(steps) batches; peak memory \(report.peakRssMb.decimals(0)) MB)",
      ]
    }
  }

  private func measure() throws -> Report {
    let (model, device) = try options.model()
    let images = try ModelMeasurement.images(
      options.shape(batch: batchSize), seed: 1, device: device)
    var wanted: [ModelLayer] = []
    for name in layers { wanted.append(try model.configuration.embeddingLayer(named: name)) }
    func embed() throws {
      for tensor in try model.embed(images, layers: wanted) { _ = try tensor.bytes() }
    }
    try embed()
    let times = try Measurement.seconds(runs: steps) { _ in try embed() }
    return Report(
      preset: options.preset, layers: layers, batchSize: batchSize,
      imagesPerSecond: Double(batchSize) / Median.of(times), secondsPerStep: times,
      peakRssMb: Measurement.peakMegabytes(), sgemmGflops: try ModelMeasurement.matrixProductRate(),
      threads: Runtime.threads, device: device.description)
  }
}
