import ArgumentParser
import CytoselfCommands
import CytoselfModel
import JobControl
import Torch
import TorchNN
import Numerics

/// `cytoself bench train`: the time of one step of training.
struct BenchTrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Time steps of training: forward, losses, backward, AdamW.")

  @OptionGroup var options: BenchModelOptions

  @Option(help: "Images per step.")
  var batchSize = 16

  @Option(help: "Steps that are timed, after one that is not.")
  var steps = 3

  @Option(
    help: ArgumentHelp(
      "What products are computed in: float32, or bfloat16, on any processor.",
      valueName: "format"))
  var precision = "float32"

  func validate() throws {
    try requireSettings(("training.batch_size", batchSize))
    guard steps >= 1 else { throw ValidationError("--steps is 1 or more.") }
    guard ["float32", "bfloat16"].contains(precision) else {
      throw ValidationError("--precision is float32 or bfloat16, not '\(precision)'.")
    }
  }

  private struct Report: Encodable, Sendable {
    let preset: String
    let batchSize: Int
    let imagesPerSecond: Double
    let secondsPerStep: [Double]
    let peakRssMb: Double
    let effectiveGflops: Double
    let sgemmGflops: Double
    let threads: Int
    let device: String
    let precision: String
  }

  func run() async throws {
    let command = self
    let report = try await DedicatedThread.run(name: "cytoself bench") { try command.measure() }
    try Measurement.print(report, asJSON: options.json) {
      [
        "\(report.preset), batch \(batchSize), \(report.threads) threads, \(report.device),"
          + " \(report.precision)",
        "\(report.imagesPerSecond.decimals(2)) images/s"
          + " (median of \(steps) steps; peak memory \(report.peakRssMb.decimals(0)) MB)",
        "\(report.effectiveGflops.decimals(1)) GFLOP/s of direct convolution;"
          + " matrix products do \(report.sgemmGflops.decimals(1))",
      ]
    }
  }

  private func measure() throws -> Report {
    let (model, device) = try options.model()
    let images = try ModelMeasurement.images(
      options.shape(batch: batchSize), seed: 1, device: device)
    let labels = try Tensor(
      integers: (0..<batchSize).map { Int64($0 % options.classes) }, shape: [batchSize]
    ).to(device)
    let generator = try Generator(seed: 2)
    let optimizer = try Adam(model.namedParameters, options: .adamW(learningRate: 1e-4))
    func step(_ context: ForwardContext) throws {
      var context = context
      context.precision = Precision(rawValue: precision) ?? .float32
      try optimizer.forgetGradients()
      let output = try model.forward(images, context)
      let losses = try model.losses(output, images: images, classes: labels, variance: 1.0 / 12)
      try losses.total.backward()
      try optimizer.step()
      _ = try losses.map { try $0.item() }
      for quantized in output.quantized { _ = try quantized.perplexity.item() }
    }
    let work = WorkCounter()
    var counting = ForwardContext.training(generator)
    counting.work = work
    try step(counting)
    let times = try Measurement.seconds(runs: steps) { _ in try step(.training(generator)) }
    let peak = Measurement.peakMegabytes()
    let median = Median.of(times)
    // A backward pass convolves twice: once for the input's gradient, once for the weight's.
    let operations = work.multiplyAdds * 2 * 3
    return Report(
      preset: options.preset, batchSize: batchSize, imagesPerSecond: Double(batchSize) / median,
      secondsPerStep: times, peakRssMb: peak, effectiveGflops: operations / median / 1e9,
      sgemmGflops: try ModelMeasurement.matrixProductRate(), threads: Runtime.threads,
      device: device.description, precision: precision)
  }
}
