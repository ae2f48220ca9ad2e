import ArgumentParser
import CytoselfCommands
import CytoselfModel
import CytoselfTraining
import Torch

/// The options of benchmarks that run a model on synthetic images.
struct BenchModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The model: \(Preset.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "name"))
  var preset = "readme"

  @Option(help: "Threads of one tensor operation; 0 uses all cores.")
  var threads = 0

  @Option(help: "cpu, cuda, cuda:N or mps.")
  var device = "cpu"

  @Option(help: "Channels of an image.")
  var channels = 2

  @Option(help: "Side of an image in pixels.")
  var cropSize = 100

  @Option(help: "Classes of the classifiers.")
  var classes = 9

  @OptionGroup var kernels: KernelOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    try requireSettings(("training.threads", threads))
    guard channels >= 1, cropSize >= 1, classes >= 2 else {
      throw ValidationError("--channels and --crop-size are 1 or more, --classes 2 or more.")
    }
  }

  /// The model of the preset, ready on its device.
  func model() throws -> (CytoselfModel, Device) {
    Runtime.installCachingAllocator()
    kernels.apply()
    if threads > 0 { try Runtime.setThreads(threads) }
    let device = try Device(device)
    let configuration = try Preset.named(preset).configuration.model.configuration(
      crop: [channels, cropSize, cropSize], classes: classes)
    let model = try CytoselfModel(configuration, generator: Generator(seed: 1))
    try model.move(to: device)
    return (model, device)
  }

  /// The shape of a batch.
  func shape(batch: Int) -> [Int] { [batch, channels, cropSize, cropSize] }
}
