import Torch
import TorchNN

/// A convolution without bias, batch normalisation, and perhaps SiLU, as torchvision numbers them.
private func normalizedConvolution(
  _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1,
  appliesSiLU: Bool = true, _ traits: EncoderTraits, _ generator: Generator
) throws(TorchError) -> Sequential {
  let convolution = try Convolution(
    inputs: inputs, outputs: outputs, kernel: kernel, stride: stride, groups: groups,
    padding: traits.padding,
    initializer: groups > 1 ? traits.depthwiseInitializer : .kaimingNormalFanOut,
    generator: generator)
  let normalization = try BatchNormalization(
    channels: outputs, isAffine: true, constants: traits.norm, appliesSiLU: appliesSiLU)
  return Sequential([convolution, normalization])
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
    // A sum divided, not a mean: the gradient of a sum is one number for all pixels and takes no map.
    let area = input.shape[2] * input.shape[3]
    let mean = try input.sum(2, 3, keepingAxes: true) / Double(area)
    let scale = try excite(squeeze(mean, context).silu(), context).sigmoid()
    return try input.scalingChannels(by: scale)
  }
}

/// An inverted residual block: widen, filter each channel, weigh the channels, narrow (MBConv).
final class InvertedResidual: Layer {
  private let block: Sequential
  private let isResidual: Bool
  private let dropRate: Double

  /// The channels inside a block.
  static func width(_ stage: StageConfiguration) -> Int {
    EncoderScale.roundedToEight(Double(stage.inputs * stage.expansion))
  }

  /// The channels between the two convolutions that weigh a block.
  static func squeezed(_ stage: StageConfiguration) -> Int { max(1, stage.inputs / 4) }

  /// Whether the block begins with a convolution that widens.
  static func widens(inputs: Int, _ stage: StageConfiguration) -> Bool {
    width(stage) != inputs || stage.expansion > 1
  }

  /// - Parameters:
  ///   - inputs: The channels of what comes in. They are the stage's, but for the first block of an
  ///     encoder without a stem, whose width follows the stage all the same.
  ///   - stage: Channels already scaled; its stride is this block's.
  ///   - dropRate: The chance that a training image skips the block (stochastic depth).
  init(
    inputs: Int, _ stage: StageConfiguration, dropRate: Double, _ traits: EncoderTraits,
    _ generator: Generator
  ) throws(TorchError) {
    self.dropRate = dropRate
    isResidual = stage.stride == 1 && stage.inputs == stage.outputs && inputs == stage.inputs
    let width = Self.width(stage)
    var layers: [any Layer] = []
    if Self.widens(inputs: inputs, stage) {
      layers.append(try normalizedConvolution(inputs, width, kernel: 1, traits, generator))
    }
    layers.append(
      try normalizedConvolution(
        width, width, kernel: stage.kernel, stride: stage.stride, groups: width, traits, generator))
    layers.append(
      try SqueezeExcitation(channels: width, squeezed: Self.squeezed(stage), generator))
    layers.append(
      try normalizedConvolution(
        width, stage.outputs, kernel: 1, appliesSiLU: false, traits, generator))
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
  private let features: Sequential

  /// - Parameters:
  ///   - inputs: Channels in.
  ///   - outputs: Channels out.
  ///   - stages: Unscaled.
  ///   - stemStride: The stride of the first convolution; nil leaves it out, and its number stays
  ///     free.
  init(
    inputs: Int, outputs: Int, stages: [StageConfiguration], stemStride: Int?, scale: EncoderScale,
    traits: EncoderTraits, _ generator: Generator
  ) throws(TorchError) {
    var width = inputs
    var layers: [any Layer] = []
    if let stemStride {
      width = scale.channels(stages[0].inputs)
      layers.append(
        try normalizedConvolution(
          inputs, width, kernel: 3, stride: stemStride, traits, generator))
    } else {
      layers.append(Sequential([]))
    }
    let blocks = stages.map(scale.blocks)
    let total = blocks.reduce(0) { $0 + $1.count }
    var index = 0
    for stage in blocks {
      var row: [any Layer] = []
      for block in stage {
        row.append(
          try InvertedResidual(
            inputs: width, block, dropRate: traits.stochasticDepth * Double(index) / Double(total),
            traits, generator))
        width = block.outputs
        index += 1
      }
      layers.append(Sequential(row))
    }
    layers.append(try normalizedConvolution(width, outputs, kernel: 1, traits, generator))
    features = Sequential(layers)
  }

  var children: [(name: String, module: any Module)] { [("features", features)] }

  func callAsFunction(_ input: Tensor, _ context: ForwardContext) throws(TorchError) -> Tensor {
    try features(input, context)
  }

  /// The maps of the stem, where there is one, of every stage, and the encoder's own, the last.
  func stages(of input: Tensor, _ context: ForwardContext) throws(TorchError) -> [Tensor] {
    var maps: [Tensor] = []
    var x = input
    for (_, layer) in features.layers {
      x = try layer(x, context)
      // An empty place of the numbering changes nothing.
      if (layer as? Sequential)?.layers.isEmpty != true { maps.append(x) }
    }
    return maps
  }
}
