/// What the tensors of an encoder tell: everything but its strides.
struct InferredEncoder {
  /// Channels in.
  let inputs: Int
  /// Channels out.
  let outputs: Int
  /// The stages as they are, scaled; their strides are not known yet and say 1.
  let stages: [StageConfiguration]

  /// Reads the tensors below a path such as `encoders.0`.
  ///
  /// - Throws: ``ModelError/foreignTensors(_:)`` when they are not those of an EfficientNet.
  init(_ shapes: TensorShapes, _ path: String) throws(ModelError) {
    let features = path + ".features"
    inputs = try shapes.weight("\(features).0.0", rank: 4)[1]
    var stages: [StageConfiguration] = []
    while shapes.has("\(features).\(stages.count + 1).0.block") {
      let stage = "\(features).\(stages.count + 1)"
      var first = try Self.block(shapes, "\(stage).0.block")
      first.blocks = shapes.count(stage + ".", suffix: ".block")
      stages.append(first)
    }
    guard !stages.isEmpty else {
      throw .foreignTensors("'\(path)' has no stages of inverted residual blocks")
    }
    outputs = try shapes.weight("\(features).\(stages.count + 1).0", rank: 4)[0]
    self.stages = stages
  }

  /// A block widens (left out where it would not), filters each channel, weighs them and narrows.
  private static func block(
    _ shapes: TensorShapes, _ path: String
  ) throws(ModelError) -> StageConfiguration {
    let parts = shapes.count(path + ".")
    guard parts == 3 || parts == 4 else {
      throw .foreignTensors("'\(path)' has \(parts) parts; a block has 3, or 4 where it widens")
    }
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
      table.map { $0.scaled(scale).withStride(1) } == stages
    }
  }

  /// The stages with their strides, where the number of halvings leaves no choice.
  ///
  /// - Parameters:
  ///   - halvings: How many stages have the stride 2; nil where nothing tells it.
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
  /// The scales B5 to B7 have batch normalisations of their own and are left as they are.
  public var writtenOut: ModelConfiguration {
    guard scale.norm == EncoderScale.b0.norm else { return self }
    var copy = self
    for index in levels.indices {
      copy.levels[index].stages = stages(index).map { $0.scaled(scale) }
    }
    copy.scale = .b0
    return copy
  }
}
