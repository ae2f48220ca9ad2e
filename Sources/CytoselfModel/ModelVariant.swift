/// What is left out of a whole model, or put in its place.
public enum ModelVariant: String, Codable, CaseIterable, Sendable {
  /// Two levels with decoders, quantisers and classifiers.
  case full
  /// Without the decoder of level 2 (upstream's lite model).
  case lite
  /// One code per position at every level. Upstream's Keras model of this kind also has a 1x1
  /// convolution before each quantiser.
  case noSplit = "no-split"
  /// Without classifiers.
  case noPretext = "no-pretext"
  /// One level through the whole of EfficientNet, the last of the model's, with a classifier.
  case vqvaeFC = "vqvae-fc"
  /// One level without a classifier: a plain VQ-VAE.
  case vqvae
  /// One level, nothing quantised, no classifier: a plain autoencoder.
  case autoencoder

  /// Whether the variant has classifiers.
  public var hasHead: Bool {
    switch self {
    case .full, .lite, .noSplit, .vqvaeFC: true
    case .noPretext, .vqvae, .autoencoder: false
    }
  }

  /// Whether only the last level is kept.
  var isOneLevel: Bool {
    switch self {
    case .vqvaeFC, .vqvae, .autoencoder: true
    case .full, .lite, .noSplit, .noPretext: false
    }
  }
}

extension ModelConfiguration {
  /// The variant of this whole model; what the variant does not concern stays as it is.
  public func variant(_ variant: ModelVariant) -> ModelConfiguration {
    var copy = self
    if variant.isOneLevel {
      copy.levels = levels.suffix(1)
      copy.head?.levels = nil
    }
    if !variant.hasHead {
      copy.head = nil
      copy.classes = 0
    }
    switch variant {
    case .lite: copy.hasLevelDecoders = false
    case .noSplit:
      for index in copy.levels.indices { copy.levels[index].splits = 1 }
      copy.hasCodeConvolutions = architecture == .keras
    case .autoencoder: copy.isQuantized = false
    case .full, .noPretext, .vqvaeFC, .vqvae: break
    }
    return copy
  }
}
