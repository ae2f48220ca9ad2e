/// A place in the model whose values can be taken out, named as upstream names it.
public struct ModelLayer: Hashable, Sendable {
  /// What is taken.
  public enum Kind: String, Sendable, CaseIterable {
    /// The encoder's map before quantisation.
    case encoder
    /// The quantised map.
    case vqvec
    /// The numbers of the codes.
    case vqind
    /// How often each code occurs in an image.
    case vqindhist
    /// The vector that the classifier reads, where it reads features, and behind it the share of each
    /// code of the first level in the image, a description of its texture that needs no label.
    case features
  }

  /// What is taken.
  public let kind: Kind
  /// Of which level, from 0.
  public let level: Int

  /// A layer of a level, counted from 0.
  public init(_ kind: Kind, level: Int) {
    self.kind = kind
    self.level = level
  }
}

extension ModelConfiguration {
  /// The name of a layer: `vqvec2` is the second level's; one-level models leave out the number.
  public func name(of layer: ModelLayer) -> String {
    layer.kind.rawValue
      + (levels.count == 1 || layer.kind == .features ? "" : "\(layer.level + 1)")
  }

  /// Every layer of this model.
  public var embeddingLayers: [ModelLayer] {
    ModelLayer.Kind.allCases.flatMap { kind in
      switch kind {
      case .encoder: levels.indices.map { ModelLayer(kind, level: $0) }
      case .vqvec, .vqind, .vqindhist:
        isQuantized ? levels.indices.map { ModelLayer(kind, level: $0) } : []
      case .features: hasFeatures ? [ModelLayer(kind, level: levels.count - 1)] : []
      }
    }
  }

  /// The layer to embed where none is named: the features where the model has them, else the deepest
  /// quantised map, else the deepest map.
  public var defaultEmbeddingLayer: ModelLayer {
    let kind: ModelLayer.Kind = hasFeatures ? .features : isQuantized ? .vqvec : .encoder
    return ModelLayer(kind, level: levels.count - 1)
  }

  /// The layer of a name; one-level models also take the number 1.
  ///
  /// - Throws: ``ModelError/unknownLayer(name:known:)``.
  public func embeddingLayer(named name: String) throws(ModelError) -> ModelLayer {
    let found = embeddingLayers.first { layer in
      self.name(of: layer) == name || "\(layer.kind.rawValue)\(layer.level + 1)" == name
    }
    guard let found else {
      throw .unknownLayer(name: name, known: embeddingLayers.map { self.name(of: $0) })
    }
    return found
  }

  /// The shape of one cell's values at a layer: that of upstream in PyTorch, `[channel, height,
  /// width]`, for either architecture.
  ///
  /// Upstream's Keras gives quantised maps and codes in another shape: see ``splitShape(_:)``.
  public func itemShape(of layer: ModelLayer) -> [Int] {
    let level = levels[layer.level]
    let size = levelSizes[layer.level]
    return switch layer.kind {
    case .encoder, .vqvec: [level.channels, size, size]
    case .vqind: [level.splits, size, size]
    case .vqindhist: [level.codes]
    case .features: [(head?.features ?? 0) + (isQuantized ? levels[0].codes : 0)]
    }
  }

  func check(_ layer: ModelLayer) throws(ModelError) {
    guard embeddingLayers.contains(layer) else {
      throw .unknownLayer(
        name: "\(layer.kind.rawValue)\(layer.level + 1)",
        known: embeddingLayers.map { name(of: $0) })
    }
  }

  /// The numbers that a level's classifier reads.
  func headInputs(_ index: Int, _ head: HeadConfiguration) -> Int {
    let level = levels[index]
    let area = levelSizes[index] * levelSizes[index]
    return switch head.input {
    case .encoder, .vqvec: level.channels * area
    case .vqind: level.splits * area
    case .vqindhist: level.codes
    case .features: head.features
    }
  }
}
