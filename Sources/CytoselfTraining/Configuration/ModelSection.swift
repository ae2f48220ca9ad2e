public import CytoselfModel

/// The `model` section of a configuration: what is trained.
///
/// Channels, crop size and classes are not here: they come from the data.
public struct ModelSection: SettingSection {
  /// One level of the model.
  public struct Level: Codable, Equatable, Sendable {
    /// Codes in the codebook.
    public var codes: Int
    /// The width of a code.
    public var codeWidth: Int
    /// Codes per position.
    public var splits: Int
    /// The encoder's stages as [expansion, kernel, stride, inputs, outputs, blocks]; empty takes
    /// upstream's.
    public var stages: [[Int]]

    /// A level with upstream's stages unless others are given.
    public init(codes: Int = 512, codeWidth: Int = 64, splits: Int = 1, stages: [[Int]] = []) {
      self.codes = codes
      self.codeWidth = codeWidth
      self.splits = splits
      self.stages = stages
    }

    private enum CodingKeys: String, CodingKey {
      case codes
      case codeWidth = "code_width"
      case splits, stages
    }
  }

  /// The classifiers.
  public struct Head: SettingSection {
    /// Levels with a classifier, counted from 1; empty means all.
    public var levels: [Int] = [2]
    /// What a classifier reads.
    public var input = HeadConfiguration.Input.vqvec
    /// Linear layers.
    public var layers = 1
    /// The width between them.
    public var features = 1000
    /// The share of the inputs of each linear layer dropped in training.
    public var dropout = 0.5

    /// One linear layer on the quantised map of level 2.
    public init() {}
  }

  /// The decoders.
  public struct Decoder: SettingSection {
    /// Residual units at each resolution.
    public var residualUnits = 2
    /// The width at the start; 0 takes the architecture's.
    public var hiddenWidth = 0
    /// The width is halved after each resolution, but not below this; 0 takes the architecture's.
    public var minimumWidth = 0

    /// Upstream's constants.
    public init() {}
  }

  /// Which of upstream's two code bases the model is built after.
  public var architecture = Architecture.pytorch
  /// What is left out of the whole model.
  public var variant = ModelVariant.full
  /// The levels, from the one nearest the image.
  public var levels = [Level(), Level()]
  /// The classifiers.
  public var head = Head()
  /// Width and depth of the encoders.
  public var scale = EncoderScale.b0
  /// The decoders.
  public var decoder = Decoder()
  /// The weight of the commitment term in the quantisation loss.
  public var commitment = 0.25
  /// The weight of the cross-entropy between distances and codes.
  public var softmax = 0.0
  /// How the codes are found.
  public var codebook = CodebookUpdate.gradient

  /// The model of upstream's README.
  public init() {}

  /// The model for crops of `[channel, height, width]` and a number of classes.
  ///
  /// The one-level variants take the last of ``levels``.
  ///
  /// - Throws: ``TrainingError/doesNotFit(_:)`` for crops that are not square, and
  ///   `ModelError`.
  public func configuration(crop: [Int], classes: Int) throws -> ModelConfiguration {
    guard crop.count == 3, crop[1] == crop[2] else {
      throw TrainingError.doesNotFit(
        "Crops of \(crop.dropFirst().map(String.init).joined(separator: " x ")) pixels do not fit:"
          + " the model takes square crops. Cut them square with `cytoself crop`.")
    }
    let configuration = ModelConfiguration(
      architecture: architecture, imageChannels: crop[0], imageSize: crop[1], classes: classes,
      levels: levels.map { level in
        LevelConfiguration(
          codes: level.codes, codeWidth: level.codeWidth, splits: level.splits,
          stages: level.stages.isEmpty
            ? nil
            : level.stages.map { StageConfiguration($0[0], $0[1], $0[2], $0[3], $0[4], $0[5]) })
      },
      head: HeadConfiguration(
        levels: head.levels.isEmpty ? nil : head.levels, input: head.input, layers: head.layers,
        features: head.features, dropout: head.dropout),
      scale: scale,
      decoder: DecoderConfiguration(
        residualUnits: decoder.residualUnits,
        hiddenWidth: decoder.hiddenWidth == 0 ? nil : decoder.hiddenWidth,
        minimumWidth: decoder.minimumWidth == 0 ? nil : decoder.minimumWidth),
      commitmentCost: commitment, softmaxCost: softmax, codebookUpdate: codebook
    ).variant(variant)
    try configuration.validate()
    return configuration
  }
}
