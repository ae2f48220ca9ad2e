extension ModelConfiguration {
  /// The smaller model of upstream's README: 512 codes at both levels, one linear head on level 2.
  public static func readme(
    classes: Int, imageChannels: Int = 2, imageSize: Int = 100
  ) -> ModelConfiguration {
    ModelConfiguration(
      imageChannels: imageChannels, imageSize: imageSize, classes: classes,
      levels: [LevelConfiguration(), LevelConfiguration()], head: HeadConfiguration(levels: [2]))
  }

  /// What upstream's author advises for the published figure: 2048 codes, nine splits at level 2,
  /// two-layer heads of 1000 on both levels.
  public static func author(
    classes: Int, imageChannels: Int = 2, imageSize: Int = 100
  ) -> ModelConfiguration {
    ModelConfiguration(
      imageChannels: imageChannels, imageSize: imageSize, classes: classes,
      levels: [LevelConfiguration(codes: 2048), LevelConfiguration(codes: 2048, splits: 9)],
      head: HeadConfiguration(layers: 2))
  }

  /// The published model as upstream's Keras code builds it: 2048 codes of width 64 at both levels,
  /// nine splits at level 2, two-layer heads of 1000 on both levels.
  ///
  /// It is the model of Kobayashi et al. (2022) and of the released weights. The paper's images have two channels, protein and distance to the nucleus.
  public static func published(
    classes: Int, imageChannels: Int = 2, imageSize: Int = 100
  ) -> ModelConfiguration {
    var configuration = author(
      classes: classes, imageChannels: imageChannels, imageSize: imageSize)
    configuration.architecture = .keras
    return configuration
  }

  /// A narrow model that trains in minutes on a laptop's processor.
  public static func small(
    classes: Int, imageChannels: Int = 2, imageSize: Int = 100
  ) -> ModelConfiguration {
    ModelConfiguration(
      imageChannels: imageChannels, imageSize: imageSize, classes: classes,
      levels: [
        LevelConfiguration(codes: 128, codeWidth: 16),
        LevelConfiguration(codes: 128, codeWidth: 32),
      ],
      head: HeadConfiguration(levels: [2], layers: 1), scale: .half,
      decoder: DecoderConfiguration(residualUnits: 1))
  }

  /// Without the split of channels: one code for each position.
  ///
  /// Upstream's Keras model of this kind also has a 1x1 convolution before each quantiser.
  public func withoutSplits() -> ModelConfiguration {
    var copy = self
    copy.hasCodeConvolutions = architecture == .keras
    for index in copy.levels.indices { copy.levels[index].splits = 1 }
    return copy
  }

  /// Without the pretext task.
  public func withoutPretext() -> ModelConfiguration {
    var copy = self
    copy.head = nil
    return copy
  }

  /// Without the decoders of deeper levels: upstream's lite model.
  public func lite() -> ModelConfiguration {
    var copy = self
    copy.hasLevelDecoders = false
    return copy
  }

  /// One level through the whole of EfficientNet: upstream's VQ-VAE with a classifier.
  public static func vqvaeWithHead(
    classes: Int, level: LevelConfiguration = LevelConfiguration(), imageChannels: Int = 2,
    imageSize: Int = 100
  ) -> ModelConfiguration {
    ModelConfiguration(
      imageChannels: imageChannels, imageSize: imageSize, classes: classes, levels: [level],
      head: HeadConfiguration(layers: 2))
  }

  /// One level, no classifier: a plain VQ-VAE.
  public static func vqvae(
    level: LevelConfiguration = LevelConfiguration(), imageChannels: Int = 2, imageSize: Int = 100
  ) -> ModelConfiguration {
    ModelConfiguration(
      imageChannels: imageChannels, imageSize: imageSize, classes: 0, levels: [level], head: nil)
  }

  /// One level, nothing quantised, no classifier: a plain autoencoder.
  public static func autoencoder(
    level: LevelConfiguration = LevelConfiguration(), imageChannels: Int = 2, imageSize: Int = 100
  ) -> ModelConfiguration {
    var configuration = vqvae(level: level, imageChannels: imageChannels, imageSize: imageSize)
    configuration.isQuantized = false
    return configuration
  }
}
