/// What the tensors of an encoder determine: everything but its strides.
struct InferredEncoder {
  /// Channels in.
  let inputs: Int
  /// Channels out.
  let outputs: Int
  /// The stages as they are, scaled; their strides are not known yet and say 1.
  let stages: [StageConfiguration]
  /// The first block of an encoder that has no convolution before it, which hides the channels and
  /// the expansion of its stage.
  private let opening: OpeningBlock?

  /// Reads the tensors below a path such as `encoders.0`.
  ///
  /// - Throws: ``ModelError/foreignTensors(_:)`` when they are not those of an EfficientNet.
  init(_ shapes: TensorShapes, _ path: String) throws(ModelError) {
    let features = path + ".features"
    let hasStem = shapes.has("\(features).0")
    var stages: [StageConfiguration] = []
    var opening: OpeningBlock?
    while shapes.has("\(features).\(stages.count + 1).0.block") {
      let stage = "\(features).\(stages.count + 1)"
      var first: StageConfiguration
      if stages.isEmpty, !hasStem {
        let block = try OpeningBlock(shapes, "\(stage).0.block")
        first = try block.stage()
        opening = block
      } else {
        first = try Self.block(shapes, "\(stage).0.block")
      }
      first.blocks = shapes.count(stage + ".", suffix: ".block")
      stages.append(first)
    }
    guard !stages.isEmpty else {
      throw .foreignTensors("'\(path)' has no stages of inverted residual blocks")
    }
    if let opening {
      inputs = opening.channels
    } else {
      inputs = try shapes.weight("\(features).0.0", rank: 4)[1]
    }
    outputs = try shapes.weight("\(features).\(stages.count + 1).0", rank: 4)[0]
    self.stages = stages
    self.opening = opening
  }

  /// The number of parts of a block.
  fileprivate static func parts(
    _ shapes: TensorShapes, _ path: String
  ) throws(ModelError) -> Int {
    let parts = shapes.count(path + ".")
    guard parts == 3 || parts == 4 else {
      throw .foreignTensors("'\(path)' has \(parts) parts; a block has 3, or 4 where it widens")
    }
    return parts
  }

  /// A block widens (left out where it would not), filters each channel, weighs them and narrows.
  private static func block(
    _ shapes: TensorShapes, _ path: String
  ) throws(ModelError) -> StageConfiguration {
    let parts = try parts(shapes, path)
    let depthwise = try shapes.weight("\(path).\(parts - 3).0", rank: 4)
    let inputs = parts == 4 ? try shapes.weight("\(path).0.0", rank: 4)[1] : depthwise[0]
    let outputs = try shapes.weight("\(path).\(parts - 1).0", rank: 4)[0]
    guard depthwise[0] % inputs == 0, depthwise[1] == 1 else {
      throw .foreignTensors(
        "'\(path)' filters \(depthwise[0]) channels made of \(inputs), which is no multiple")
    }
    return StageConfiguration(depthwise[0] / inputs, depthwise[2], 1, inputs, outputs, 1)
  }

  /// The scales at which a table of stages makes these.
  func scales(of table: [StageConfiguration]) -> [EncoderScale] {
    EncoderScale.allCases.filter { scale in
      let made = table.map { $0.scaled(scale).withStride(1) }
      guard let opening else { return made == stages }
      guard let first = made.first, first.blocks == stages[0].blocks else { return false }
      return opening.fits(first) && made.dropFirst() == stages.dropFirst()
    }
  }

  /// The stages with their strides, where the number of halvings leaves no choice.
  ///
  /// - Parameters:
  ///   - halvings: How many stages have the stride 2; nil where nothing determines it.
  ///   - level: From 0, for the message.
  /// - Throws: ``ModelError/foreignTensors(_:)``.
  func stages(halvings: Int?, level: Int) throws(ModelError) -> [StageConfiguration] {
    switch halvings {
    case 0: return stages
    case stages.count: return stages.map { $0.withStride(2) }
    default:
      throw .foreignTensors(
        "the stages of encoder \(level + 1) are not those of the original, and their strides are"
          + " not in a file of tensors; use the .safetensors file or the run that describes them")
    }
  }
}

/// The first block of an encoder without a stem.
///
/// What comes in has the channels of the level above, while the widths inside follow the stage. They
/// leave several stages possible, all of which make the same block.
private struct OpeningBlock {
  /// The channels of what comes in.
  let channels: Int
  private let path: String
  private let widens: Bool
  private let width: Int
  private let kernel: Int
  private let squeezed: Int
  private let outputs: Int

  init(_ shapes: TensorShapes, _ path: String) throws(ModelError) {
    let parts = try InferredEncoder.parts(shapes, path)
    let depthwise = try shapes.weight("\(path).\(parts - 3).0", rank: 4)
    self.path = path
    widens = parts == 4
    channels = parts == 4 ? try shapes.weight("\(path).0.0", rank: 4)[1] : depthwise[0]
    width = depthwise[0]
    kernel = depthwise[2]
    squeezed = try shapes.weight("\(path).\(parts - 2).fc1", rank: 4)[0]
    outputs = try shapes.weight("\(path).\(parts - 1).0", rank: 4)[0]
  }

  /// Whether a scaled stage makes this block.
  func fits(_ stage: StageConfiguration) -> Bool {
    stage.kernel == kernel && stage.outputs == outputs
      && InvertedResidual.squeezed(stage) == squeezed && InvertedResidual.width(stage) == width
      && InvertedResidual.widens(inputs: channels, stage) == widens
  }

  /// The likeliest stage that makes this block: its channels are those that come in, if they can be.
  ///
  /// - Throws: ``ModelError/foreignTensors(_:)`` when there is none.
  func stage() throws(ModelError) -> StageConfiguration {
    let candidates = squeezed == 1 ? Array(1...7) : Array(4 * squeezed...4 * squeezed + 3)
    for inputs in [channels] + candidates {
      let expansion = width / inputs
      for expansion in max(1, expansion - 1)...expansion + 1 {
        let stage = StageConfiguration(expansion, kernel, 1, inputs, outputs, 1)
        if fits(stage) { return stage }
      }
    }
    throw .foreignTensors(
      "'\(path)' widens \(channels) channels to \(width) and weighs them by \(squeezed), as no stage"
        + " does")
  }
}

extension StageConfiguration {
  /// The stage as an encoder of a scale has it.
  func scaled(_ scale: EncoderScale) -> StageConfiguration {
    StageConfiguration(
      expansion, kernel, stride, scale.channels(inputs), scale.channels(outputs),
      scale.blocks(blocks))
  }

  /// The stage with another stride.
  func withStride(_ stride: Int) -> StageConfiguration {
    StageConfiguration(expansion, kernel, stride, inputs, outputs, blocks)
  }
}

extension ModelConfiguration {
  /// The same model with every number of the encoders written out, as tensors show it.
  ///
  /// Two configurations that make the same tensors are equal here, but for what tensors do not show.
  /// In the architecture `pytorch` the scales B5 to B7 have batch normalisations of their own and are
  /// left as they are.
  public var writtenOut: ModelConfiguration {
    guard architecture == .keras || scale.norm == EncoderScale.b0.norm else { return self }
    var copy = self
    for index in levels.indices {
      copy.levels[index].stages = stages(index).map { $0.scaled(scale) }
    }
    copy.scale = .b0
    return copy
  }
}
