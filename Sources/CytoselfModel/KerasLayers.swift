/// A weight of a Keras layer beside the tensor it is in our state dictionary.
struct KerasWeight: Equatable {
  /// Its name in Keras, such as `stem_conv/kernel:0`.
  let name: String
  /// Its key in the state dictionary.
  let key: String
  /// How its axes lie.
  let layout: KerasLayout
}

/// A layer of upstream's Keras model; encoders and decoders are one layer each.
struct KerasLayer: Equatable {
  /// Its name, such as `encoder1`.
  let name: String
  /// Its weights in Keras's order: the trained ones, then the statistics.
  let weights: [KerasWeight]
}

/// A layer inside a layer: what has a name of its own in Keras.
private enum KerasPart {
  case convolution(String, key: String, hasBias: Bool)
  case depthwise(String, key: String)
  case normalization(String, key: String)
  case dense(String, key: String, KerasLayout)

  var trained: [(name: String, key: String, layout: KerasLayout)] {
    switch self {
    case .convolution(let name, let key, let hasBias):
      [("\(name)/kernel:0", "\(key).weight", .kernel)]
        + (hasBias ? [("\(name)/bias:0", "\(key).bias", .vector)] : [])
    case .depthwise(let name, let key):
      [("\(name)/depthwise_kernel:0", "\(key).weight", .depthwise)]
    case .normalization(let name, let key):
      [("\(name)/gamma:0", "\(key).weight", .vector), ("\(name)/beta:0", "\(key).bias", .vector)]
    case .dense(let name, let key, let layout):
      [("\(name)/kernel:0", "\(key).weight", layout), ("\(name)/bias:0", "\(key).bias", .vector)]
    }
  }

  var statistics: [(name: String, key: String, layout: KerasLayout)] {
    guard case .normalization(let name, let key) = self else { return [] }
    return [
      ("\(name)/moving_mean:0", "\(key).running_mean", .vector),
      ("\(name)/moving_variance:0", "\(key).running_var", .vector),
    ]
  }
}

extension ModelConfiguration {
  /// The layers of upstream's Keras model of this shape, in the order in which Keras saves them:
  /// from the image inwards through the encoders, outwards through quantisers and decoders, then the
  /// classifiers.
  var kerasLayers: [KerasLayer] {
    var names = GraphNames()
    var parts: [String: [KerasPart]] = [:]
    // Upstream builds level by level, which settles who gets a number behind the name.
    for index in levels.indices {
      parts["encoder\(index + 1)"] = encoderParts(index)
      if hasLevelDecoders || index == 0 { parts["decoder\(index + 1)"] = decoderParts(index) }
      if hasCodeConvolutions {
        parts["to_vq\(index + 1)"] = [
          .convolution("to_vq\(index + 1)", key: path("pre_vq_conv", index), hasBias: true)
        ]
      }
      if hasHead(index) { parts["fc\(index + 1)"] = headParts(index) }
    }
    var layers: [String: KerasLayer] = [:]
    for index in levels.indices {
      for name in ["encoder", "decoder", "to_vq", "fc"].map({ "\($0)\(index + 1)" }) {
        guard let inside = parts[name] else { continue }
        let weights = (inside.flatMap(\.trained) + inside.flatMap(\.statistics)).map { weight in
          KerasWeight(
            name: names.weight(weight.name, of: name), key: weight.key, layout: weight.layout)
        }
        layers[name] = KerasLayer(name: name, weights: weights)
      }
    }
    return kerasOrder.map { layers[$0] ?? KerasLayer(name: $0, weights: codebook(of: $0)) }
  }

  private var kerasOrder: [String] {
    var order = ["img_input"]
    for level in 1...levels.count {
      order.append("encoder\(level)")
      if hasCodeConvolutions { order.append("to_vq\(level)") }
    }
    for level in (1...levels.count).reversed() {
      if level < levels.count, hasLevelDecoders { order.append("mselyr\(level)") }
      if isQuantized {
        order += hasCodeConvolutions ? ["VQ\(level)"] : ["pre_vq\(level)", "VQ\(level)"]
        if !hasCodeConvolutions { order.append("post_vq\(level)") }
      }
      if level < levels.count { order.append("upcat2d\(level)") }
      if level == 1 || hasLevelDecoders { order.append("decoder\(level)") }
    }
    return order + headLevels.map { "fc\($0 + 1)" }
  }

  private func codebook(of layer: String) -> [KerasWeight] {
    guard let index = levels.indices.first(where: { "VQ\($0 + 1)" == layer }) else { return [] }
    return [
      KerasWeight(
        name: "\(layer)/embedding_vq:0", key: path("vq_layer", index) + ".codebook.weight",
        layout: .transposed)
    ]
  }

  /// The path of a part of a level in the state dictionary.
  private func path(_ part: String, _ index: Int) -> String {
    levels.count == 1 ? part : "\(part)s.\(index)"
  }

  private func encoderParts(_ index: Int) -> [KerasPart] {
    let path = path("encoder", index) + ".features"
    var parts: [KerasPart] = []
    var width = index == 0 ? imageChannels : levels[index - 1].channels
    let stages = stages(index)
    if stemStride(index) != nil {
      width = scale.channels(stages[0].inputs)
      parts += [
        .convolution("stem_conv", key: "\(path).0.0", hasBias: false),
        .normalization("stem_bn", key: "\(path).0.1"),
      ]
    }
    for (row, stage) in stages.enumerated() {
      for (place, block) in scale.blocks(stage).enumerated() {
        let name = "block\(row + 1)\(Self.letter(place))_"
        let path = "\(path).\(row + 1).\(place).block"
        var next = 0
        if InvertedResidual.widens(inputs: width, block) {
          parts += [
            .convolution(name + "expand_conv", key: "\(path).0.0", hasBias: false),
            .normalization(name + "expand_bn", key: "\(path).0.1"),
          ]
          next = 1
        }
        parts += [
          .depthwise(name + "dwconv", key: "\(path).\(next).0"),
          .normalization(name + "bn", key: "\(path).\(next).1"),
          .convolution(name + "se_reduce", key: "\(path).\(next + 1).fc1", hasBias: true),
          .convolution(name + "se_expand", key: "\(path).\(next + 1).fc2", hasBias: true),
          .convolution(name + "project_conv", key: "\(path).\(next + 2).0", hasBias: false),
          .normalization(name + "project_bn", key: "\(path).\(next + 2).1"),
        ]
        width = block.outputs
      }
    }
    return parts + [
      .convolution("top_conv", key: "\(path).\(stages.count + 1).0", hasBias: false),
      .normalization("top_bn", key: "\(path).\(stages.count + 1).1"),
    ]
  }

  /// The letter of a block in its row: a, b and so on, as characters follow each other.
  private static func letter(_ place: Int) -> String {
    String(UnicodeScalar(UInt8(min(97 + place, 255))))
  }

  private func decoderParts(_ index: Int) -> [KerasPart] {
    let path = path("decoder", index) + ".decoder"
    func unit(_ name: String, _ convolution: String, _ norm: String) -> [KerasPart] {
      [
        .convolution(name + "_cv", key: "\(path).\(convolution)", hasBias: true),
        .normalization(name + "_bn", key: "\(path).\(norm)"),
      ]
    }
    var parts = unit("dec_cv1", "dec_first.conv", "dec_first.bn")
    let doublings = Decoder.doublings(
      from: levelSizes[index], to: index == 0 ? imageSize : levelSizes[index - 1])
    for step in 0..<doublings {
      for place in 0..<decoder.residualUnits {
        let inside = "resrep\(step + 1).res_repeat.res\(place + 1)"
        parts += unit("res\(step)3x3_\(place)", "\(inside).conv1.conv", "\(inside).conv1.bn")
        parts += unit("res\(step)1x1_\(place)", "\(inside).conv2", "\(inside).bn2")
      }
      let last = "resrep\(step + 1)last"
      parts += unit("res\(step)last", "\(last).conv", "\(last).bn")
    }
    if index == 0 {
      parts.append(.convolution("dec_cvt_last", key: "\(path).output_conv", hasBias: true))
    }
    return parts
  }

  private func headParts(_ index: Int) -> [KerasPart] {
    guard let head else { return [] }
    let path = path("fc_layer", index) + ".fc_list"
    let side = levelSizes[index]
    let first: KerasLayout =
      switch head.input {
      case .vqvec, .encoder: .flattened(channels: levels[index].channels, side: side)
      case .vqind: .flattened(channels: levels[index].splits, side: side)
      case .vqindhist, .features: .transposed
      }
    return (0..<head.layers).map { place in
      .dense("fc_\(place)", key: "\(path).\(3 * place + 1)", place == 0 ? first : .transposed)
    }
  }
}

/// Names in TensorFlow's graph, where the second of a name gets `_1`.
private struct GraphNames {
  private var given: [String: String] = [:]
  private var used: Set<String> = []

  /// The name of a weight of a part that stands in a layer of the model.
  mutating func weight(_ weight: String, of layer: String) -> String {
    let pieces = weight.split(separator: "/", maxSplits: 1).map(String.init)
    let part = "\(layer)/\(pieces[0])"
    let name = given[part] ?? unused(pieces[0])
    given[part] = name
    return "\(name)/\(pieces[1])"
  }

  private mutating func unused(_ name: String) -> String {
    var candidate = name
    var number = 0
    while used.contains(candidate) {
      number += 1
      candidate = "\(name)_\(number)"
    }
    used.insert(candidate)
    return candidate
  }
}
