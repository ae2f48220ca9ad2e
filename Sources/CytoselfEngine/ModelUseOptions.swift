import ArgumentParser
import CellData
import CytoselfCommands
import CytoselfInference
import CytoselfTraining
import Foundation
import Torch

/// The options of commands that use a trained model on data.
struct ModelUseOptions: ParsableArguments {
  @Option(help: "Cells per batch.")
  var batchSize = 32

  @Option(help: "Threads of one tensor operation; 0 uses all cores.")
  var threads = 0

  @Option(help: "Threads that read crops ahead.")
  var loaderThreads = 2

  @Option(help: "cpu, cuda, cuda:N or mps.")
  var device = "cpu"

  @OptionGroup(title: "Reading, where the model does not define it")
  var reading: DataOptions

  @Option(
    help: ArgumentHelp(
      "The side of the crops that the weights are for.",
      discussion: """
        Only for weights of other programs whose classifiers do not determine it; the default is \
        the side of the crops in DATA.
        """, valueName: "pixels"))
  var cropSize: Int?

  @OptionGroup var kernels: KernelOptions

  func validate() throws {
    try requireSettings(
      ("training.batch_size", batchSize), ("training.loader_threads", loaderThreads),
      ("training.threads", threads))
    guard cropSize ?? 1 >= 1 else { throw ValidationError("--crop-size is 1 or more.") }
  }

  /// Opens the model and then the data as the model needs them, and warns of pixels on another scale
  /// than those the model was trained on.
  func open(model: String, data: String) throws -> (TrainedModel, CellDataSet) {
    Runtime.installCachingAllocator()
    kernels.apply()
    try Runtime.setThreads(
      threads == 0 ? ProcessInfo.processInfo.activeProcessorCount : threads)
    let source = try ModelSource(URL(filePath: model))
    let device = try Device(device)
    let options = try reading.options(over: source.dataSection(path: data).options)
    let set = try CellDataSet(URL(filePath: data), options: options)
    let trained = try TrainedModel(
      source, cropSize: cropSize ?? sideLeftOpen(source, set), device: device)
    try trained.requireFit(set)
    for warning in set.warnings where warning.concernsTable { StandardError.warn("\(warning)") }
    for warning in try IntensityCheck(set, for: trained.description).warnings {
      StandardError.warn(warning)
    }
    return (trained, set)
  }

  /// The side of the crops, where the weights leave it open or leave a choice that has it.
  private func sideLeftOpen(_ source: ModelSource, _ set: CellDataSet) -> Int? {
    guard set.height == set.width else { return nil }
    guard let sizes = source.cropSizes else {
      StandardError.print(
        "note: \(source.weights.lastPathComponent) does not determine the crop size, so that of the"
          + " crops is used, \(set.height) pixels (--crop-size sets another).")
      return set.height
    }
    return source.described == nil && sizes.contains(set.height) ? set.height : nil
  }
}
