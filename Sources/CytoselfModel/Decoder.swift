import Torch
import TorchNN

/// A 3x3 convolution, batch normalisation, SiLU.
private final class DecoderConvolution: Layer {
  private let convolution: Convolution
  private let normalization: BatchNormalization

  init(
    _ inputs: Int, _ outputs: Int, padding: Padding = .symmetric, _ traits: DecoderTraits,
    _ generator: Generator
  ) throws(TorchError) {
    convolution = try Convolution(
      inputs: inputs, outputs: outputs, kernel: 3, padding: padding, hasBias: traits.hasBias,
      initializer: traits.initializer, generator: generator)
    normalization = try BatchNormalization(
      channels: outputs, isAffine: traits.isNormAffine, constants: traits.norm, appliesSiLU: true)
  }

  var children: [(name: String, module: any Module)] {
    [("conv", convolution), ("bn", normalization)]
  }

  func callAsFunction(_ input: Tensor, _ context: ForwardContext) throws(TorchError) -> Tensor {
    try normalization(convolution(input, context), context)
  }
}

/// Two 3x3 convolutions beside the identity (He, Zhang, Ren and Sun 2016).
private final class ResidualUnit: Layer {
  private let first: DecoderConvolution
  private let second: Convolution
  private let normalization: BatchNormalization

  init(_ channels: Int, _ traits: DecoderTraits, _ generator: Generator) throws(TorchError) {
    first = try DecoderConvolution(channels, channels, traits, generator)
    second = try Convolution(
      inputs: channels, outputs: channels, kernel: 3, hasBias: traits.hasBias,
      initializer: traits.initializer, generator: generator)
    normalization = try BatchNormalization(
      channels: channels, isAffine: traits.isNormAffine, constants: traits.norm, appliesSiLU: true)
  }

  var children: [(name: String, module: any Module)] {
    [("conv1", first), ("conv2", second), ("bn2", normalization)]
  }

  func callAsFunction(_ input: Tensor, _ context: ForwardContext) throws(TorchError) -> Tensor {
    try normalization(second(first(input, context), context), adding: input, context)
  }
}

/// Residual units in a row under the name upstream gives them.
private final class ResidualUnits: Layer {
  private let units: Sequential

  init(
    _ channels: Int, count: Int, _ traits: DecoderTraits, _ generator: Generator
  ) throws(TorchError) {
    var layers: [(name: String, layer: any Layer)] = []
    for index in 0..<count {
      layers.append(("res\(index + 1)", try ResidualUnit(channels, traits, generator)))
    }
    units = Sequential(named: layers)
  }

  var children: [(name: String, module: any Module)] { [("res_repeat", units)] }

  func callAsFunction(_ input: Tensor, _ context: ForwardContext) throws(TorchError) -> Tensor {
    try units(input, context)
  }
}

/// Bilinear resizing to a fixed side.
private final class Upsampling: Layer {
  private let size: Int

  init(size: Int) {
    self.size = size
  }

  func callAsFunction(_ input: Tensor, _ context: ForwardContext) throws(TorchError) -> Tensor {
    try input.upsampledBilinearly(height: size, width: size)
  }
}

/// From a level's map back to the map above it, or to the image.
final class Decoder: Layer {
  private let layers: Sequential

  /// `ceil(log2(outputSize / inputSize))`.
  static func doublings(from inputSize: Int, to outputSize: Int) -> Int {
    var doublings = 0
    while inputSize << doublings < outputSize { doublings += 1 }
    return doublings
  }

  /// - Parameters:
  ///   - hiddenWidth: The width a first convolution makes; nil leaves it out.
  ///   - minimumWidth: The width is halved after each resolution, but not below this.
  ///   - isLinear: Whether the last convolution has neither normalisation nor activation.
  init(
    inputs: Int, inputSize: Int, outputs: Int, outputSize: Int, hiddenWidth: Int?,
    minimumWidth: Int, isLinear: Bool, residualUnits: Int, traits: DecoderTraits,
    _ generator: Generator
  ) throws(TorchError) {
    // Sizes are rounded up from the output's side.
    let doublings = Self.doublings(from: inputSize, to: outputSize)
    var layers: [(name: String, layer: any Layer)] = []
    var width = inputs
    if let hiddenWidth {
      layers.append(("dec_first", try DecoderConvolution(inputs, hiddenWidth, traits, generator)))
      width = hiddenWidth
    }
    var size = inputSize
    for index in 1...max(1, doublings) where doublings > 0 {
      let factor = 1 << (doublings - index)
      let wanted = (outputSize + factor - 1) / factor
      let upsampled = traits.doublesSides ? 2 * size : wanted
      layers.append(("up\(index)", Upsampling(size: upsampled)))
      layers.append(
        ("resrep\(index)", try ResidualUnits(width, count: residualUnits, traits, generator)))
      let halved = max(width / 2, minimumWidth)
      let isLast = index == doublings
      layers.append(
        (
          "resrep\(index)last",
          try DecoderConvolution(
            width, isLast && !isLinear ? outputs : halved,
            padding: upsampled == wanted ? .symmetric : .leading, traits, generator)
        ))
      width = halved
      size = wanted
    }
    if isLinear {
      layers.append(
        (
          "output_conv",
          try Convolution(
            inputs: width, outputs: outputs, kernel: 3, hasBias: traits.hasBias,
            initializer: traits.initializer, generator: generator)
        ))
    }
    self.layers = Sequential(named: layers)
  }

  var children: [(name: String, module: any Module)] { [("decoder", layers)] }

  func callAsFunction(_ input: Tensor, _ context: ForwardContext) throws(TorchError) -> Tensor {
    try layers(input, context)
  }
}
