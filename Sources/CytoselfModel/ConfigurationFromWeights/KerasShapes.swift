import ArrayFiles

extension TensorShapes {
  /// The shapes of a Keras file under the names and in the order of axes of our state dictionary, so
  /// that a configuration can be read from them.
  ///
  /// What a layer is, and what is inside it, follows from the names that upstream gives to the parts
  /// of encoders, decoders and classifiers; the numbers that TensorFlow adds to names are passed over.
  /// Which level a layer belongs to follows from the order of the file, for classifiers from `fc1` and
  /// `fc2`, since some levels may have none.
  ///
  /// - Throws: ``ModelError/keras(_:)`` for layers or weights that no part of the model has.
  init(_ file: KerasWeights) throws(ModelError) {
    var layers: [KerasRole: [KerasWeights.Layer]] = [:]
    for layer in file.layers where !layer.arrays.isEmpty {
      guard let role = KerasRole(layer) else {
        throw .keras(
          "layer \(quoted(layer.name)) is no encoder, quantiser, decoder or classifier of the original"
        )
      }
      layers[role, default: []].append(layer)
    }
    let levels = layers[.encoder]?.count ?? 0
    guard levels > 0 else {
      throw .keras("there is no encoder among the \(file.layers.count) layers")
    }
    var tensors: [(name: String, shape: [Int])] = []
    for role in KerasRole.allCases {
      guard let found = layers[role] else { continue }
      for (level, layer) in zip(try role.levels(of: found, levels: levels), found) {
        let path = levels == 1 ? role.path : "\(role.path)s.\(level)"
        tensors += try role.tensors(of: layer, path: path)
      }
    }
    self.init(tensors)
  }
}

/// What a layer of upstream's Keras model with weights is.
private enum KerasRole: CaseIterable {
  case encoder, codeConvolution, codebook, decoder, head

  /// What the names of the weights inside say.
  init?(_ layer: KerasWeights.Layer) {
    let parts = layer.arrays.map { KerasPartName($0.name).part }
    if parts.contains(where: { $0.hasSuffix("_dwconv") }) {
      self = .encoder
    } else if parts.contains(where: { $0.hasPrefix("dec_") }) {
      self = .decoder
    } else if parts.contains(where: { $0.hasPrefix("fc_") }) {
      self = .head
    } else if layer.arrays.count == 1, layer.arrays[0].shape.count == 2 {
      self = .codebook
    } else if layer.arrays.count == 2, layer.arrays[0].shape.prefix(2) == [1, 1] {
      self = .codeConvolution
    } else {
      return nil
    }
  }

  /// The path of the first of them in a state dictionary of one level.
  var path: String {
    switch self {
    case .encoder: "encoder"
    case .codeConvolution: "pre_vq_conv"
    case .codebook: "vq_layer"
    case .decoder: "decoder"
    case .head: "fc_layer"
    }
  }

  /// The levels of layers, from 0: encoders lie from the image inwards, quantisers and decoders
  /// outwards.
  func levels(
    of layers: [KerasWeights.Layer], levels: Int
  ) throws(ModelError) -> [Int] {
    let all = Array(0..<levels)
    switch self {
    case .encoder: return all
    case .codeConvolution where layers.count == levels: return all
    case .codebook where layers.count == levels: return all.reversed()
    case .decoder where layers.count == levels: return all.reversed()
    case .decoder where layers.count == 1: return [0]
    case .head:
      let named = layers.compactMap { layer in all.first { layer.name == "fc\($0 + 1)" } }
      if named.count == layers.count, zip(named, named.dropFirst()).allSatisfy(<) { return named }
      if layers.count == levels { return all }
    default: break
    }
    let names = layers.prefix(8).map { quoted($0.name) }.joined(separator: ", ")
    throw .keras("the layers \(names) cannot be assigned to \(levels) encoders")
  }

  /// The shapes of a layer's weights under their keys.
  func tensors(
    of layer: KerasWeights.Layer, path: String
  ) throws(ModelError) -> [(name: String, shape: [Int])] {
    let names = layer.arrays.map { KerasPartName($0.name) }
    let parts = Set(names.map(\.part))
    let stages = parts.reduce(0) { max($0, Self.block($1)?.stage ?? 0) }
    var tensors: [(name: String, shape: [Int])] = []
    for (name, array) in zip(names, layer.arrays) {
      let key: String? =
        switch self {
        case .encoder: Self.encoderKey(name.part, parts: parts, stages: stages)
        case .decoder: Self.decoderKey(name.part)
        case .head: Self.number(name.part.dropFirst(3)).map { "fc_list.\(3 * $0 + 1)" }
        case .codebook: "codebook"
        case .codeConvolution: ""
        }
      guard let key, let end = self == .codebook ? "weight" : name.end else {
        throw .keras(
          "weight \(quoted(array.name)) of layer \(quoted(layer.name)) is not one of the original's"
        )
      }
      let shape = array.shape
      let axes: [Int]? =
        switch (name.weight, shape.count) {
        case ("kernel", 4): [shape[3], shape[2], shape[0], shape[1]]
        case ("depthwise_kernel", 4): [shape[2], shape[3], shape[0], shape[1]]
        case ("kernel", 2) where self == .head: [shape[1], shape[0]]
        case (_, 2) where self == .codebook: [shape[1], shape[0]]
        case (_, 1) where !name.weight.hasSuffix("kernel"): shape
        default: nil
        }
      guard let axes else {
        throw .keras(
          "weight \(quoted(array.name)) of layer \(quoted(layer.name)) has the shape \(shape)")
      }
      tensors.append(([path, key, end].filter { !$0.isEmpty }.joined(separator: "."), axes))
    }
    return tensors
  }

  /// The stage, from 1, the place in it and the work of a part such as `block2a_se_reduce`.
  private static func block(_ part: String) -> (stage: Int, place: Int, work: String)? {
    guard part.hasPrefix("block"), let line = part.firstIndex(of: "_") else { return nil }
    let row = part[..<line].dropFirst(5)
    guard let letter = row.unicodeScalars.last, let stage = number(row.dropLast()), stage >= 1,
      (97...255).contains(letter.value)
    else { return nil }
    return (stage, Int(letter.value) - 97, String(part[part.index(after: line)...]))
  }

  private static func encoderKey(_ part: String, parts: Set<String>, stages: Int) -> String? {
    switch part {
    case "stem_conv": return "features.0.0"
    case "stem_bn": return "features.0.1"
    case "top_conv": return "features.\(stages + 1).0"
    case "top_bn": return "features.\(stages + 1).1"
    default: break
    }
    guard let block = block(part) else { return nil }
    let path = "features.\(block.stage).\(block.place).block"
    let widens = parts.contains(part.dropLast(block.work.count) + "expand_conv")
    let next = widens ? 1 : 0
    return switch block.work {
    case "expand_conv": "\(path).0.0"
    case "expand_bn": "\(path).0.1"
    case "dwconv": "\(path).\(next).0"
    case "bn": "\(path).\(next).1"
    case "se_reduce": "\(path).\(next + 1).fc1"
    case "se_expand": "\(path).\(next + 1).fc2"
    case "project_conv": "\(path).\(next + 2).0"
    case "project_bn": "\(path).\(next + 2).1"
    default: nil
    }
  }

  /// Parts such as `dec_cv1_cv`, `res03x3_1_bn`, `res0last_cv` and `dec_cvt_last`.
  private static func decoderKey(_ part: String) -> String? {
    if part == "dec_cvt_last" { return "decoder.output_conv" }
    let isNorm = part.hasSuffix("_bn")
    guard isNorm || part.hasSuffix("_cv") else { return nil }
    let work = part.dropLast(3)
    if work == "dec_cv1" { return "decoder.dec_first.\(isNorm ? "bn" : "conv")" }
    guard work.hasPrefix("res") else { return nil }
    if work.hasSuffix("last") {
      guard let step = number(work.dropFirst(3).dropLast(4)) else { return nil }
      return "decoder.resrep\(step + 1)last.\(isNorm ? "bn" : "conv")"
    }
    guard let line = work.lastIndex(of: "_"), let place = number(work[line...].dropFirst())
    else { return nil }
    let kind = work[..<line]
    guard let step = number(kind.dropFirst(3).dropLast(3)) else { return nil }
    let unit = "decoder.resrep\(step + 1).res_repeat.res\(place + 1)"
    if kind.hasSuffix("3x3") { return "\(unit).conv1.\(isNorm ? "bn" : "conv")" }
    if kind.hasSuffix("1x1") { return "\(unit).\(isNorm ? "bn2" : "conv2")" }
    return nil
  }

  /// A number of a few digits; none has more in a model.
  private static func number(_ digits: Substring) -> Int? {
    digits.count <= 3 && digits.allSatisfy(\.isNumber) ? Int(digits) : nil
  }
}

/// A name for a message.
private func quoted(_ name: String) -> String { "'\(name.prefix(80))'" }
