public import Torch
public import TorchNN

/// What a model makes of a batch.
public struct ModelOutput {
  /// The rebuilt images, `[batch, channel, height, width]`.
  public let decoded: Tensor
  /// The logits `[batch, classes]` of each classifier that takes part, with its level from 0.
  public let logits: [(level: Int, logits: Tensor)]
  /// Each level's quantisation; empty for a plain autoencoder.
  public let quantized: [Quantized]
  /// For each level that a deeper one rebuilds: the level from 0 of the decoder, and the mean
  /// squared error of what it rebuilt.
  public let levelErrors: [(level: Int, error: Tensor)]
}

/// The network: encoders, quantisers, decoders and pretext classifiers, level by level.
///
/// Its state has the names of upstream's `state_dict()` in PyTorch, whatever the architecture:
/// two-level models count their parts (`encoders.0`, `vq_layers.1`), one-level models do not
/// (`encoder`, `vq_layer`).
public final class CytoselfModel: Module {
  /// The shape of the model.
  public let configuration: ModelConfiguration
  private let encoders: [Encoder]
  private let codeConvolutions: [Convolution]
  let quantizers: [Quantizer]
  private let decoders: [Decoder]
  /// By level, nil where a `keras` model has none.
  ///
  /// A `pytorch` model has one at every level; those that take no part are never trained.
  private let heads: [Head?]
  let pooling: FeaturePooling?
  /// The parts that training leaves as they are.
  public internal(set) var frozenParts: Set<ModelPart> = []

  /// A model with random weights.
  ///
  /// - Parameters:
  ///   - configuration: Checked here.
  ///   - generator: Where the weights are drawn from.
  /// - Throws: ``ModelError`` for a configuration that cannot be; `TorchError` when memory
  ///   is short.
  public init(_ configuration: ModelConfiguration, generator: Generator) throws {
    try configuration.validate()
    self.configuration = configuration
    let architecture = configuration.architecture
    let levels = configuration.levels
    let sizes = configuration.levelSizes
    encoders = try levels.indices.map { index in
      try Encoder(
        inputs: index == 0 ? configuration.imageChannels : levels[index - 1].channels,
        outputs: levels[index].channels, stages: configuration.stages(index),
        stemStride: configuration.stemStride(index), scale: configuration.scale,
        traits: architecture.encoderTraits(configuration.scale), generator)
    }
    codeConvolutions =
      configuration.hasCodeConvolutions
      ? try levels.map { level in
        try Convolution(
          inputs: level.channels, outputs: level.channels, kernel: 1, hasBias: true,
          initializer: .xavierUniform, generator: generator)
      } : []
    let decodedLevels = configuration.hasLevelDecoders ? Array(levels.indices) : [0]
    decoders = try decodedLevels.map { index in
      try Decoder(
        inputs: configuration.joinedLevels(index).reduce(0) { $0 + levels[$1].channels },
        inputSize: sizes[index],
        outputs: index == 0 ? configuration.imageChannels : levels[index - 1].channels,
        outputSize: index == 0 ? configuration.imageSize : sizes[index - 1],
        hiddenWidth: configuration.decoderWidth(index),
        minimumWidth: configuration.decoder.minimumWidth ?? architecture.minimumDecoderWidth,
        isLinear: index == 0, residualUnits: configuration.decoder.residualUnits,
        traits: architecture.decoderTraits, generator)
    }
    quantizers =
      configuration.isQuantized
      ? try levels.map { level in
        try Quantizer(
          level, architecture: architecture, commitmentCost: configuration.commitmentCost,
          softmaxCost: configuration.softmaxCost, update: configuration.codebookUpdate, generator)
      } : []
    heads =
      try configuration.head.map { head in
        try levels.indices.map { index in
          try configuration.hasHead(index)
            ? Head(
              inputs: configuration.headInputs(index, head), classes: configuration.classes,
              configuration: head, architecture: architecture, generator) : nil
        }
      } ?? []
    if configuration.hasFeatures, let head = configuration.head {
      pooling = try FeaturePooling(
        inputs: configuration.pooledInputs, features: head.features, dropout: head.dropout,
        generator)
    } else {
      pooling = nil
    }
  }

  /// The parts in upstream's order.
  public var children: [(name: String, module: any Module)] {
    let isNested = configuration.levels.count > 1
    let lists: [(one: String, many: String, modules: [(any Module)?])] = [
      ("encoder", "encoders", encoders), ("decoder", "decoders", decoders),
      ("vq_layer", "vq_layers", quantizers), ("fc_layer", "fc_layers", heads),
      ("pre_vq_conv", "pre_vq_convs", codeConvolutions),
    ]
    let counted = lists.flatMap { one, many, modules in
      modules.enumerated().compactMap { index, module in
        module.map { (name: isNested ? "\(many).\(index)" : one, module: $0) }
      }
    }
    return counted + (pooling.map { [("pooling", $0)] } ?? [])
  }

  /// Moves every tensor to a device.
  ///
  /// - Throws: `TorchError`.
  public func move(to device: Device) throws(TorchError) {
    for (_, state) in namedTensors() { try state.tensor.move(to: device) }
  }

  /// Runs everything, as training and evaluation need.
  ///
  /// - Parameters:
  ///   - images: `[batch, channel, height, width]`, float32.
  ///   - context: Training or evaluation.
  /// - Throws: ``ModelError`` when the shape is not the model's; `TorchError`.
  public func forward(_ images: Tensor, _ context: ForwardContext) throws -> ModelOutput {
    try checkShape(images)
    var x = try arranged(images)
    var encoded: [Tensor] = []
    var maps: [Tensor] = []
    var quantized: [Quantized] = []
    var logits: [(level: Int, logits: Tensor)] = []
    let headInput = configuration.head?.input
    var stages: [Tensor]? = pooling == nil ? nil : []
    for index in encoders.indices {
      x = try encode(
        x, level: index, self.context(.encoder, index, context), collecting: &stages)
      encoded.append(x)
      let hasHead = configuration.headLevels.contains(index)
      if configuration.isQuantized {
        let result = try quantizers[index].quantize(
          x, needsSoftHistogram: hasHead && headInput == .vqindhist,
          self.context(.codebook, index, context))
        quantized.append(result)
        maps.append(result.vectors)
      } else {
        maps.append(x)
      }
      if hasHead, let headInput {
        let input: Tensor? =
          switch headInput {
          case .encoder: x
          case .vqvec: maps[index]
          case .vqind: quantized[index].codes
          case .vqindhist: quantized[index].softHistogram
          case .features: nil
          }
        if let input, let head = heads[index] {
          logits.append((index, try classify(input, head, self.context(.head, index, context))))
        }
      }
    }
    if let pooling, let stages, let index = configuration.headLevels.first, let head = heads[index]
    {
      let context = self.context(.head, index, context)
      logits.append((index, try classify(pooling(stages, context).silu(), head, context)))
    }
    var levelErrors: [(level: Int, error: Tensor)] = []
    for index in stride(from: decoders.count - 1, to: 0, by: -1) {
      let rebuilt = try decode(maps, level: index, context)
      let target =
        configuration.architecture.rebuildsEncoderMaps ? encoded[index - 1] : maps[index - 1]
      levelErrors.append((index, try rebuilt.meanSquaredError(to: target)))
    }
    return ModelOutput(
      decoded: try decode(withoutFirstLevel(maps, context), context), logits: logits,
      quantized: quantized, levelErrors: levelErrors)
  }

  /// Rebuilds images from the maps of all levels; a map of zeros shows what the others hold.
  ///
  /// - Parameter maps: `[batch, channels of the level, side, side]`, from the first level on.
  /// - Parameter context: training or evaluation.
  /// - Throws: `TorchError`.
  public func decode(_ maps: [Tensor], _ context: ForwardContext) throws(TorchError) -> Tensor {
    try decode(maps, level: 0, context)
  }

  /// What a level's decoder makes of the maps, float32 whatever the precision.
  private func decode(
    _ maps: [Tensor], level index: Int, _ context: ForwardContext
  ) throws(TorchError) -> Tensor {
    let input = try joined(maps, at: index)
    let context = self.context(.decoder, index, context)
    return try context.precision.run(on: input.device) { () throws(TorchError) in
      try decoders[index](input, context)
    }.to(elementType: .float32)
  }

  private func classify(
    _ input: Tensor, _ head: Head, _ context: ForwardContext
  ) throws(TorchError) -> Tensor {
    try context.precision.run(on: input.device) { () throws(TorchError) in
      try head(input, context)
    }.to(elementType: .float32)
  }

  /// What the classifiers make of the quantised maps of all levels, if that is what they read.
  ///
  /// - Parameter maps: `[batch, channels of the level, side, side]`, from the first level on.
  /// - Returns: The logits `[batch, classes]` of each classifier that takes part, with its level
  ///   from 0.
  /// - Throws: `TorchError`.
  package func classify(
    _ maps: [Tensor], _ context: ForwardContext
  ) throws(TorchError) -> [(level: Int, logits: Tensor)] {
    var logits: [(level: Int, logits: Tensor)] = []
    for index in configuration.headLevels where configuration.head?.input == .vqvec {
      if let head = heads[index] {
        logits.append((index, try classify(maps[index], head, context)))
      }
    }
    return logits
  }

  /// A level's map before quantisation, from the map before it or the image; float32 whatever the
  /// precision, since distances to codes are small differences of large numbers.
  private func encode(
    _ input: Tensor, level index: Int, _ context: ForwardContext
  ) throws(TorchError) -> Tensor {
    var stages: [Tensor]?
    return try encode(input, level: index, context, collecting: &stages)
  }

  /// The same, with the maps of all stages added to `stages`, unless that is nil.
  func encode(
    _ input: Tensor, level index: Int, _ context: ForwardContext, collecting stages: inout [Tensor]?
  ) throws(TorchError) -> Tensor {
    var found = stages
    let map = try context.precision.run(on: input.device) { () throws(TorchError) in
      let map: Tensor
      if found == nil {
        map = try encoders[index](input, context)
      } else {
        let maps = try encoders[index].stages(of: input, context)
        found? += maps
        map = maps[maps.count - 1]
      }
      return codeConvolutions.isEmpty ? map : try codeConvolutions[index](map, context)
    }.to(elementType: .float32)
    stages = found
    return map
  }

  /// The maps with that of the first level blank for some of the cells, so that the deeper levels
  /// learn to rebuild a cell alone.
  private func withoutFirstLevel(
    _ maps: [Tensor], _ context: ForwardContext
  ) throws(TorchError) -> [Tensor] {
    guard maps.count > 1, context.isTraining, context.firstLevelDropRate > 0,
      let generator = context.generator
    else { return maps }
    let isKept = try Tensor.filled(with: 0, shape: [maps[0].shape[0], 1, 1, 1])
    try generator.fillBernoulli(isKept, probability: 1 - context.firstLevelDropRate)
    return [try maps[0] * isKept.to(maps[0].device)] + maps.dropFirst()
  }

  /// What a level's decoder reads: the maps of deeper levels at this level's size, the deepest
  /// first, and the level's own.
  private func joined(_ maps: [Tensor], at index: Int) throws(TorchError) -> Tensor {
    let levels = configuration.joinedLevels(index)
    let size = configuration.levelSizes[index]
    var parts: [Tensor] = []
    for level in levels.reversed() where level != index {
      switch configuration.architecture {
      case .pytorch: parts.append(try maps[level].upsampledToNearest(height: size, width: size))
      case .keras: parts.append(try maps[level].upsampledFromCorner(side: size))
      }
    }
    return parts.isEmpty ? maps[index] : try .concatenated(parts + [maps[index]], axis: 1)
  }

  /// The images as the kernels want them, channels innermost, which all that follows keeps.
  func arranged(_ images: Tensor) throws(TorchError) -> Tensor {
    Runtime.usesKernels ? try images.channelsLast() : images
  }

  /// A level's map before quantisation in evaluation, recorded for differentiation.
  func encoderMap(of images: Tensor, level: Int) throws -> Tensor {
    try checkShape(images)
    var x = try arranged(images)
    for index in 0...level { x = try encode(x, level: index, .evaluation) }
    return x
  }

  func checkShape(_ images: Tensor) throws(ModelError) {
    let shape = images.shape
    let size = configuration.imageSize
    guard shape.count == 4, Array(shape.dropFirst()) == [configuration.imageChannels, size, size]
    else {
      throw .imageShape(found: shape, channels: configuration.imageChannels, size: size)
    }
  }
}
