import Torch
import TorchNN

/// A convolution without bias, batch normalisation, and perhaps SiLU, as torchvision numbers them.
private func normalizedConvolution(
  _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1,
  isActivated: Bool = true, norm: NormConstants, _ generator: Generator
) throws(TorchError) -> Sequential {
  let convolution = try Convolution(
    inputs: inputs, outputs: outputs, kernel: kernel, stride: stride, groups: groups,
    initializer: .kaimingNormalFanOut, generator: generator)
  let normalization = try BatchNormalization(
    channels: outputs, isAffine: true, constants: norm)
  let activation: [any Layer] = isActivated ? [ActivationLayer(.silu)] : []
  return Sequential([convolution, normalization] + activation)
}

/// Scales each channel by what its mean over the map says (squeeze and excitation, Hu 2018).
final class SqueezeExcitation: Layer {
  private let squeeze: Convolution
  private let excite: Convolution

  init(channels: Int, squeezed: Int, _ generator: Generator) throws(TorchError) {
    squeeze = try Convolution(
      inputs: channels, outputs: squeezed, kernel: 1, hasBias: true,
      initializer: .kaimingNormalFanOut, generator: generator)
    excite = try Convolution(
      inputs: squeezed, outputs: channels, kernel: 1, hasBias: true,
      initializer: .kaimingNormalFanOut, generator: generator)
  }

  var children: [(name: String, module: any Module)] { [("fc1", squeeze), ("fc2", excite)] }

  func callAsFunction(_ input: Tensor, _ context: ForwardContext) throws(TorchError) -> Tensor {
    let mean = try input.mean(2, 3, keepingAxes: true)
    let scale = try excite(squeeze(mean, context).silu(), context).sigmoid()
    return try input * scale
  }
}

/// An inverted residual block: widen, filter each channel, weigh the channels, narrow (MBConv).
final class InvertedResidual: Layer {
  private let block: Sequential
  private let isResidual: Bool
  private let dropRate: Double

  /// - Parameters:
  ///   - stage: Channels already scaled; its stride is this block's.
  ///   - dropRate: The chance that a training image skips the block (stochastic depth).
  init(
    _ stage: StageConfiguration, dropRate: Double, norm: NormConstants, _ generator: Generator
  ) throws(TorchError) {
    self.dropRate = dropRate
    isResidual = stage.stride == 1 && stage.inputs == stage.outputs
    let width = EncoderScale.roundedToEight(Double(stage.inputs * stage.expansion))
    var layers: [any Layer] = []
    if width != stage.inputs {
      layers.append(
        try normalizedConvolution(stage.inputs, width, kernel: 1, norm: norm, generator))
    }
    layers.append(
      try normalizedConvolution(
        width, width, kernel: stage.kernel, stride: stage.stride, groups: width, norm: norm,
        generator))
    layers.append(
      try SqueezeExcitation(channels: width, squeezed: max(1, stage.inputs / 4), generator))
    layers.append(
      try normalizedConvolution(
        width, stage.outputs, kernel: 1, isActivated: false, norm: norm, generator))
    block = Sequential(layers)
  }

  var children: [(name: String, module: any Module)] { [("block", block)] }

  func callAsFunction(_ input: Tensor, _ context: ForwardContext) throws(TorchError) -> Tensor {
    let output = try block(input, context)
    guard isResidual else { return output }
    let maskShape = [input.shape[0], 1, 1, 1]
    return try context.dropping(output, rate: dropRate, maskShape: maskShape) + input
  }
}

/// A part of EfficientNet (Tan and Le 2019) from an image or a deeper map to a level's map.
final class Encoder: Layer {
  /// Upstream's greatest chance of skipping a block.
  private static let stochasticDepth = 0.2

  private let features: Sequential

  /// - Parameters:
  ///   - inputs: Channels in.
  ///   - outputs: Channels out.
  ///   - stages: Unscaled.
  init(
    inputs: Int, outputs: Int, stages: [StageConfiguration], stemStride: Int, scale: EncoderScale,
    _ generator: Generator
  ) throws(TorchError) {
    let norm = scale.norm
    var layers: [any Layer] = [
      try normalizedConvolution(
        inputs, scale.channels(stages[0].inputs), kernel: 3, stride: stemStride, norm: norm,
        generator)
    ]
    let total = stages.reduce(0) { $0 + scale.blocks($1.blocks) }
    var index = 0
    for stage in stages {
      var blocks: [any Layer] = []
      var block = stage
      block.inputs = scale.channels(stage.inputs)
      block.outputs = scale.channels(stage.outputs)
      for _ in 0..<scale.blocks(stage.blocks) {
        blocks.append(
          try InvertedResidual(
            block, dropRate: Self.stochasticDepth * Double(index) / Double(total), norm: norm,
            generator))
        block.inputs = block.outputs
        block.stride = 1
        index += 1
      }
      layers.append(Sequential(blocks))
    }
    layers.append(
      try normalizedConvolution(
        scale.channels(stages[stages.count - 1].outputs), outputs, kernel: 1, norm: norm, generator)
    )
    features = Sequential(layers)
  }

  var children: [(name: String, module: any Module)] { [("features", features)] }

  func callAsFunction(_ input: Tensor, _ context: ForwardContext) throws(TorchError) -> Tensor {
    try features(input, context)
  }
}
