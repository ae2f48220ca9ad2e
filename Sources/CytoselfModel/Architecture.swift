import TorchNN

/// Which of upstream's two code bases a model is built after.
///
/// It decides padding, normalisation, the shape of decoders and classifiers, and how weights start.
/// What the two have in common has the same names in the state dictionary.
public enum Architecture: String, Codable, Sendable, CaseIterable {
  /// Upstream's branch `main`, in PyTorch.
  case pytorch
  /// Upstream's branch `cytoself-tensorflow`, in Keras: the published model, and the released
  /// weights.
  case keras
}

/// What differs between the encoders of the architectures.
struct EncoderTraits {
  let padding: Padding
  let norm: NormConstants
  /// How the kernels that see one channel each start.
  let depthwiseInitializer: Initializer
  /// The greatest chance that a training image skips a block.
  let stochasticDepth: Double
}

/// What differs between the decoders of the architectures.
struct DecoderTraits {
  let norm: NormConstants
  let isNormAffine: Bool
  let hasBias: Bool
  let initializer: Initializer
  /// True doubles the side and brings it down to the wanted one by a missing zero beside the map;
  /// false resizes to the wanted side.
  let doublesSides: Bool
}

extension Architecture {
  /// The kernels that Keras gives depthwise layers start by Glorot's rule, whatever upstream requests: it names another argument than the one these layers read.
  func encoderTraits(_ scale: EncoderScale) -> EncoderTraits {
    switch self {
    case .pytorch:
      EncoderTraits(
        padding: .symmetric, norm: scale.norm, depthwiseInitializer: .kaimingNormalFanOut,
        stochasticDepth: 0.2)
    case .keras:
      EncoderTraits(
        padding: .same, norm: .keras, depthwiseInitializer: .xavierUniform, stochasticDepth: 0)
    }
  }

  var decoderTraits: DecoderTraits {
    switch self {
    case .pytorch:
      DecoderTraits(
        norm: .pytorch, isNormAffine: false, hasBias: false, initializer: .xavierNormal,
        doublesSides: false)
    case .keras:
      DecoderTraits(
        norm: .keras, isNormAffine: true, hasBias: true, initializer: .xavierUniform,
        doublesSides: true)
    }
  }

  /// The limit of the uniform numbers that a codebook starts with.
  func codebookLimit(codes: Int) -> Double {
    switch self {
    case .pytorch: (3 / Double(codes)).squareRoot()
    case .keras: 0.05
    }
  }

  /// How the weights `[outputs, inputs]` of a classifier start.
  func headInitializer(outputs: Int) -> Initializer {
    switch self {
    case .pytorch: .uniform(limit: 1 / Double(outputs).squareRoot())
    case .keras: .xavierUniform
    }
  }

  /// Whether encoders behind the first begin with a convolution of their own.
  var hasDeepStems: Bool { self == .pytorch }

  /// Whether classifiers drop elements of what they read, and not only of what lies between their
  /// layers.
  var dropsHeadInput: Bool { self == .pytorch }

  /// Whether a level's decoder must rebuild the level above it as it was before quantisation.
  var rebuildsEncoderMaps: Bool { self == .keras }

  /// The least width of the decoders where none is given.
  var minimumDecoderWidth: Int {
    switch self {
    case .pytorch: 1
    case .keras: 32
    }
  }
}
