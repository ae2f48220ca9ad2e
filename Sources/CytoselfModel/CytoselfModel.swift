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
/// Its state has the names of upstream's `state_dict()`: two-level models count their parts
/// (`encoders.0`, `vq_layers.1`), one-level models do not (`encoder`, `vq_layer`).
public final class CytoselfModel: Module {
  /// The shape of the model.
  public let configuration: ModelConfiguration
  private let encoders: [Encoder]
  private let quantizers: [Quantizer]
  private let decoders: [Decoder]
  private let heads: [Head]
  /// The parts that training leaves as they are.
  public internal(set) var frozenParts: Set<ModelPart> = []

  /// A model with random weights.
  ///
  /// - Parameters:
  ///   - configuration: Checked here.
  ///   - generator: Where the weights are drawn from.
  /// - Throws: ``ModelError`` for a configuration that cannot be; ``Torch/TorchError`` when memory
  ///   is short.
  public init(_ configuration: ModelConfiguration, generator: Generator) throws {
    try configuration.validate()
    self.configuration = configuration
    let levels = configuration.levels
    let sizes = configuration.levelSizes
    encoders = try levels.indices.map { index in
      try Encoder(
        inputs: index == 0 ? configuration.imageChannels : levels[index - 1].channels,
        outputs: levels[index].channels, stages: configuration.stages(index),
        stemStride: configuration.stemStride(index), scale: configuration.scale, generator)
    }
    let decodedLevels = configuration.hasLevelDecoders ? Array(levels.indices) : [0]
    decoders = try decodedLevels.map { index in
      try Decoder(
        inputs: index == 0 ? levels.reduce(0) { $0 + $1.channels } : levels[index].channels,
        inputSize: sizes[index],
        outputs: index == 0 ? configuration.imageChannels : levels[index - 1].channels,
        outputSize: index == 0 ? configuration.imageSize : sizes[index - 1],
        isLinear: index == 0, configuration: configuration.decoder, generator)
    }
    quantizers =
      configuration.isQuantized
      ? try levels.map { level in
        try Quantizer(
          level, commitmentCost: configuration.commitmentCost,
          softmaxCost: configuration.softmaxCost, generator)
      } : []
    heads =
      try configuration.head.map { head in
        try levels.indices.map { index in
          try Head(
            inputs: configuration.headInputs(index, head), classes: configuration.classes,
            configuration: head, generator)
        }
      } ?? []
  }

  /// The parts in upstream's order.
  public var children: [(name: String, module: any Module)] {
    if configuration.levels.count == 1 {
      let parts: [(String, (any Module)?)] = [
        ("encoder", encoders[0]), ("decoder", decoders[0]), ("vq_layer", quantizers.first),
        ("fc_layer", heads.first),
      ]
      return parts.compactMap { name, module in module.map { (name, $0) } }
    }
    let lists: [(String, [any Module])] = [
      ("encoders", encoders), ("decoders", decoders), ("vq_layers", quantizers),
      ("fc_layers", heads),
    ]
    return lists.flatMap { name, modules in
      modules.enumerated().map { ("\(name).\($0.offset)", $0.element) }
    }
  }

  /// Moves every tensor to a device.
  ///
  /// - Throws: ``Torch/TorchError``.
  public func move(to device: Device) throws(TorchError) {
    for (_, state) in namedTensors() { try state.tensor.move(to: device) }
  }

  /// Runs everything, as training and evaluation need.
  ///
  /// - Parameters:
  ///   - images: `[batch, channel, height, width]`, float32.
  ///   - context: Training or evaluation.
  /// - Throws: ``ModelError`` when the shape is not the model's; ``Torch/TorchError``.
  public func forward(_ images: Tensor, _ context: ForwardContext) throws -> ModelOutput {
    try checkShape(images)
    var x = images
    var maps: [Tensor] = []
    var quantized: [Quantized] = []
    var logits: [(level: Int, logits: Tensor)] = []
    let headInput = configuration.head?.input
    for (index, encoder) in encoders.enumerated() {
      x = try encoder(x, self.context(.encoder, index, context))
      let hasHead = configuration.headLevels.contains(index)
      if configuration.isQuantized {
        let result = try quantizers[index].quantize(
          x, needsSoftHistogram: hasHead && headInput == .vqindhist)
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
          }
        if let input {
          logits.append((index, try heads[index](input, self.context(.head, index, context))))
        }
      }
    }
    var levelErrors: [(level: Int, error: Tensor)] = []
    for index in stride(from: decoders.count - 1, to: 0, by: -1) {
      let rebuilt = try decoders[index](maps[index], self.context(.decoder, index, context))
      levelErrors.append((index, try rebuilt.meanSquaredError(to: maps[index - 1])))
    }
    return ModelOutput(
      decoded: try decode(maps, context), logits: logits, quantized: quantized,
      levelErrors: levelErrors)
  }

  /// Rebuilds images from the maps of all levels; a map of zeros shows what the others hold.
  ///
  /// - Parameter maps: `[batch, channels of the level, side, side]`, from the first level on.
  /// - Throws: ``Torch/TorchError``.
  public func decode(_ maps: [Tensor], _ context: ForwardContext) throws(TorchError) -> Tensor {
    let context = self.context(.decoder, 0, context)
    guard maps.count > 1 else { return try decoders[0](maps[0], context) }
    let size = configuration.levelSizes[0]
    var parts: [Tensor] = []
    for map in maps.dropFirst().reversed() {
      parts.append(try map.upsampledToNearest(height: size, width: size))
    }
    return try decoders[0](Tensor.concatenated(parts + [maps[0]], axis: 1), context)
  }

  /// Runs encoders and quantisers as deep as the named layers need.
  ///
  /// - Parameters:
  ///   - images: `[batch, channel, height, width]`, float32.
  ///   - layers: What to return, in this order.
  /// - Returns: One tensor for each layer; codes are int64.
  /// - Throws: ``ModelError`` for a layer this model lacks or another shape;
  ///   ``Torch/TorchError``.
  public func embed(_ images: Tensor, layers: [EmbeddingLayer]) throws -> [Tensor] {
    try checkShape(images)
    for layer in layers { try configuration.check(layer) }
    return try withoutGradients {
      var found: [EmbeddingLayer: Tensor] = [:]
      var x = images
      for index in 0...(layers.map(\.level).max() ?? 0) {
        x = try encoders[index](x, .evaluation)
        let wanted = layers.filter { $0.level == index }
        if wanted.isEmpty { continue }
        found[EmbeddingLayer(.encoder, level: index)] = x
        if wanted.contains(where: { $0.kind != .encoder }) {
          let (vectors, codes, histogram) = try quantizers[index].encode(x)
          found[EmbeddingLayer(.vqvec, level: index)] = vectors
          found[EmbeddingLayer(.vqind, level: index)] = codes
          found[EmbeddingLayer(.vqindhist, level: index)] = histogram
        }
      }
      return layers.compactMap { found[$0] }
    }
  }

  private func checkShape(_ images: Tensor) throws(ModelError) {
    let shape = images.shape
    let size = configuration.imageSize
    guard shape.count == 4, Array(shape.dropFirst()) == [configuration.imageChannels, size, size]
    else {
      throw .imageShape(found: shape, channels: configuration.imageChannels, size: size)
    }
  }
}
