/// Everything that fixes the shape of a model: with it and a state dictionary a model is whole.
public struct ModelConfiguration: Codable, Sendable, Equatable {
  /// Which of upstream's two code bases the model is built after.
  public var architecture: Architecture
  /// Channels of an image, such as 2 for protein and nucleus.
  public var imageChannels: Int
  /// Side of the square image in pixels.
  public var imageSize: Int
  /// The number of proteins that the pretext task distinguishes.
  public var classes: Int
  /// From the one nearest the image to the deepest; two in `cytoself`, one in the plain variants.
  public var levels: [LevelConfiguration]
  /// False leaves out the quantisers: a plain autoencoder.
  public var isQuantized: Bool
  /// Whether every deeper level has a decoder that must rebuild the level above it; false is
  /// upstream's lite model.
  public var hasLevelDecoders: Bool
  /// The pretext classifiers, or nil for none.
  public var head: HeadConfiguration?
  /// Width and depth of the encoders.
  public var scale: EncoderScale
  /// The decoders' own constants.
  public var decoder: DecoderConfiguration
  /// The weight of the commitment term in the quantisation loss (VQ-VAE, van den Oord 2017).
  public var commitmentCost: Double
  /// The weight of the cross-entropy between distances and codes; 0 only reports it.
  public var softmaxCost: Double
  /// Whether a 1x1 convolution with bias stands behind every encoder, before the quantiser and the
  /// next encoder: upstream's Keras model without split quantisation has them.
  public var hasCodeConvolutions: Bool
  /// How the codes are found.
  public var codebookUpdate: CodebookUpdate

  /// A configuration with the constants of upstream where none are given.
  public init(
    architecture: Architecture = .pytorch, imageChannels: Int = 2, imageSize: Int = 100,
    classes: Int, levels: [LevelConfiguration], isQuantized: Bool = true,
    hasLevelDecoders: Bool = true, head: HeadConfiguration?, scale: EncoderScale = .b0,
    decoder: DecoderConfiguration = DecoderConfiguration(),
    commitmentCost: Double = 0.25, softmaxCost: Double = 0, hasCodeConvolutions: Bool = false,
    codebookUpdate: CodebookUpdate = .gradient
  ) {
    self.architecture = architecture
    self.imageChannels = imageChannels
    self.imageSize = imageSize
    self.classes = classes
    self.levels = levels
    self.isQuantized = isQuantized
    self.hasLevelDecoders = hasLevelDecoders
    self.head = head
    self.scale = scale
    self.decoder = decoder
    self.commitmentCost = commitmentCost
    self.softmaxCost = softmaxCost
    self.hasCodeConvolutions = hasCodeConvolutions
    self.codebookUpdate = codebookUpdate
  }
}

extension ModelConfiguration {
  /// Reads a configuration; one without an architecture is from before there were two: `pytorch`.
  public init(from decoder: any Swift.Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      architecture: try values.decodeIfPresent(Architecture.self, forKey: .architecture)
        ?? .pytorch,
      imageChannels: try values.decode(Int.self, forKey: .imageChannels),
      imageSize: try values.decode(Int.self, forKey: .imageSize),
      classes: try values.decode(Int.self, forKey: .classes),
      levels: try values.decode([LevelConfiguration].self, forKey: .levels),
      isQuantized: try values.decode(Bool.self, forKey: .isQuantized),
      hasLevelDecoders: try values.decode(Bool.self, forKey: .hasLevelDecoders),
      head: try values.decodeIfPresent(HeadConfiguration.self, forKey: .head),
      scale: try values.decode(EncoderScale.self, forKey: .scale),
      decoder: try values.decode(DecoderConfiguration.self, forKey: .decoder),
      commitmentCost: try values.decode(Double.self, forKey: .commitmentCost),
      softmaxCost: try values.decode(Double.self, forKey: .softmaxCost),
      hasCodeConvolutions: try values.decodeIfPresent(Bool.self, forKey: .hasCodeConvolutions)
        ?? false,
      codebookUpdate: try values.decodeIfPresent(CodebookUpdate.self, forKey: .codebookUpdate)
        ?? .gradient)
  }
}

/// How the codes of a codebook are found.
public enum CodebookUpdate: String, Codable, Sendable, CaseIterable {
  /// By their gradient, as all weights: upstream's.
  case gradient
  /// As running means of the vectors they stand for, started by k-means, unused ones put elsewhere.
  case average
}

/// One level of the model: its encoder, its codebook.
public struct LevelConfiguration: Codable, Sendable, Equatable {
  /// The number of codes in the codebook, K.
  public var codes: Int
  /// The width of a code, D.
  public var codeWidth: Int
  /// How many codes describe one position, S; the level's maps have `S * D` channels.
  public var splits: Int
  /// The encoder's stages; nil takes upstream's for this level.
  public var stages: [StageConfiguration]?

  /// A level with upstream's stages unless others are given.
  public init(
    codes: Int = 512, codeWidth: Int = 64, splits: Int = 1, stages: [StageConfiguration]? = nil
  ) {
    self.codes = codes
    self.codeWidth = codeWidth
    self.splits = splits
    self.stages = stages
  }

  /// The channels of the level's maps.
  public var channels: Int { codeWidth * splits }
}

/// A row of inverted residual blocks in an encoder (MBConv; Tan and Le 2019).
public struct StageConfiguration: Codable, Sendable, Equatable {
  /// How much wider a block is inside than at its ends.
  public var expansion: Int
  /// Side of the depthwise kernel.
  public var kernel: Int
  /// The stride of the first block.
  public var stride: Int
  /// Channels into the first block.
  public var inputs: Int
  /// Channels out of every block.
  public var outputs: Int
  /// The number of blocks.
  public var blocks: Int

  /// A stage, its numbers in the order of the paper's table.
  public init(
    _ expansion: Int, _ kernel: Int, _ stride: Int, _ inputs: Int, _ outputs: Int, _ blocks: Int
  ) {
    self.expansion = expansion
    self.kernel = kernel
    self.stride = stride
    self.inputs = inputs
    self.outputs = outputs
    self.blocks = blocks
  }
}

/// The pretext classifiers, which must name the protein.
public struct HeadConfiguration: Codable, Sendable, Equatable {
  /// What a classifier reads.
  public enum Input: String, Codable, Sendable, CaseIterable {
    /// The quantised map, flattened.
    case vqvec
    /// The codes themselves, as numbers.
    case vqind
    /// A soft histogram of the codes, through which gradients pass.
    case vqindhist
    /// The encoder's map before quantisation, flattened.
    case encoder
    /// The features: mean and spread of the maps of all stages, brought to one vector.
    case features
  }

  /// The levels whose classifier takes part, counted from 1; nil means all.
  public var levels: [Int]?
  /// What a classifier reads.
  public var input: Input
  /// The number of linear layers.
  public var layers: Int
  /// The width between them; where the classifier reads ``Input/features``, the length of these.
  public var features: Int
  /// The share of the inputs of each linear layer dropped in training.
  public var dropout: Double

  /// A head; upstream's default is one linear layer on the quantised map of every level.
  public init(
    levels: [Int]? = nil, input: Input = .vqvec, layers: Int = 1, features: Int = 1000,
    dropout: Double = 0.5
  ) {
    self.levels = levels
    self.input = input
    self.layers = layers
    self.features = features
    self.dropout = dropout
  }
}

/// The constants of the decoders.
public struct DecoderConfiguration: Codable, Sendable, Equatable {
  /// Residual units at each resolution.
  public var residualUnits: Int
  /// The width at the start; nil takes the architecture's: the width of what is decoded
  /// (`pytorch`), the width of a code (`keras`).
  public var hiddenWidth: Int?
  /// The width is halved after each resolution, but not below this; nil takes the architecture's: 1
  /// (`pytorch`), 32 (`keras`).
  public var minimumWidth: Int?

  /// Constants; upstream's unless others are given.
  public init(residualUnits: Int = 2, hiddenWidth: Int? = nil, minimumWidth: Int? = nil) {
    self.residualUnits = residualUnits
    self.hiddenWidth = hiddenWidth
    self.minimumWidth = minimumWidth
  }
}
