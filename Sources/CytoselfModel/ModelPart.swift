/// A part of the model at one level, as a user names it: `encoder1`, `codebooks`, `decoder`, `heads2`.
public struct ModelPart: Hashable, Sendable {
  /// What the part does.
  public enum Kind: String, Sendable, CaseIterable {
    /// From the image, or the level above, to the level's map.
    case encoder
    /// The codes of the level.
    case codebook
    /// From the level's map back to the level above or the image.
    case decoder
    /// The pretext classifier on the level.
    case head

    /// The first words of the names of its tensors, in models of one level and of several.
    public var paths: (single: String, several: String) {
      switch self {
      case .encoder: ("encoder", "encoders")
      case .codebook: ("vq_layer", "vq_layers")
      case .decoder: ("decoder", "decoders")
      case .head: ("fc_layer", "fc_layers")
      }
    }
  }

  /// What it does.
  public let kind: Kind
  /// Its level, from 0.
  public let level: Int

  /// A part of a level, counted from 0.
  public init(_ kind: Kind, level: Int) {
    self.kind = kind
    self.level = level
  }
}

extension ModelConfiguration {
  /// Every part that this model has.
  public var parts: [ModelPart] {
    ModelPart.Kind.allCases.flatMap { kind -> [ModelPart] in
      let levels =
        switch kind {
        case .encoder: Array(levels.indices)
        case .codebook: isQuantized ? Array(levels.indices) : []
        case .decoder: hasLevelDecoders ? Array(levels.indices) : [0]
        case .head: levels.indices.filter(hasHead)
        }
      return levels.map { ModelPart(kind, level: $0) }
    }
  }

  /// The parts that a word names: a kind, also in the plural, and perhaps a level counted from 1.
  ///
  /// - Throws: ``ModelError/part(name:known:)`` when this model has no such part.
  public func parts(named word: String) throws(ModelError) -> [ModelPart] {
    let name = word.prefix { !$0.isNumber }.lowercased()
    let digits = word.dropFirst(name.count)
    let found = parts.filter { part in
      (name == part.kind.rawValue || name == part.kind.rawValue + "s")
        && (digits.isEmpty || digits == "\(part.level + 1)")
    }
    guard !found.isEmpty else {
      throw .part(name: word, known: parts.map { "\($0.kind.rawValue)\($0.level + 1)" })
    }
    return found
  }

  /// How the names of a part's tensors begin, such as `encoders.0.`.
  ///
  /// The convolution between an encoder and its quantiser, where there is one, belongs to the encoder,
  /// the making of features to the classifier that reads them.
  public func paths(of part: ModelPart) -> [String] {
    let names = part.kind.paths
    func path(_ single: String, _ several: String) -> String {
      levels.count == 1 ? single + "." : "\(several).\(part.level)."
    }
    let own = path(names.single, names.several)
    return switch part.kind {
    case .encoder: [own, path("pre_vq_conv", "pre_vq_convs")]
    case .head where hasFeatures: [own, "pooling."]
    case .codebook, .decoder, .head: [own]
    }
  }
}
