import CytoselfCommands
import CytoselfModel
import CytoselfTraining
import Torch

extension BenchModelOptions {
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
