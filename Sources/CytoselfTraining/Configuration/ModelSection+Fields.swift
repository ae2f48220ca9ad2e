import CytoselfModel

extension ModelSection {
  /// What every setting is.
  public static let fields: [SettingField<ModelSection>] = [
    .init(
      "architecture", oneOf: \.architecture,
      """
      Which of the original's two code bases the model is built after: pytorch, or keras (the \
      published model and its released weights). Padding, normalisation, decoders and \
      classifiers follow.
      """),
    .init(
      "variant", oneOf: \.variant,
      """
      full; lite: no decoder of level 2; no-split: one code per position; no-pretext: no \
      classifier; vqvae-fc, vqvae, autoencoder: one level (the last below) with quantiser and \
      classifier, with quantiser, with neither.
      """),
    .init(
      "levels", \.levels, range: SettingRange(violation: wrongLevels),
      """
      From the one nearest the image: codes in the codebook, the width of a code, codes per \
      position, and the encoder's stages as [expansion, kernel, stride, inputs, outputs, \
      blocks] ([] takes upstream's).
      """),
    .init("head", group: \.head),
    .init(
      "scale", oneOf: \.scale, "Width and depth of the encoders, after EfficientNet."),
    .init("decoder", group: \.decoder),
    .init(
      "commitment", \.commitment, range: .notNegative,
      "The weight of the commitment term in the quantisation loss."),
    .init(
      "softmax", \.softmax, range: .notNegative,
      "The weight of the cross-entropy between distances and codes in the quantisation loss."),
    .init(
      "codebook", oneOf: \.codebook,
      """
      How codes are found: gradient, or average (running means of the vectors they stand for, started \
      by k-means; unused codes are put elsewhere).
      """),
  ]

  private static func wrongLevels(_ levels: [Level]) -> SettingRange<[Level]>.Violation? {
    guard !levels.isEmpty else {
      return .init(value: "[]", expected: "a list of at least one level")
    }
    let index = levels.firstIndex { !$0.stages.allSatisfy { $0.count == 6 } }
    return index.map {
      .init(
        part: "[\($0)].stages", value: "\(levels[$0].stages)",
        expected: "lists of six numbers: expansion, kernel, stride, inputs, outputs, blocks")
    }
  }
}

extension ModelSection.Head {
  /// What every setting is.
  public static let fields: [SettingField<ModelSection.Head>] = [
    .init("levels", \.levels, "Levels with a classifier, counted from 1; [] means all."),
    .init(
      "input", oneOf: \.input,
      """
      What a classifier reads: vqvec (quantised map), vqind (codes), vqindhist (soft histogram of \
      codes), encoder (map before quantisation) or features (mean and spread of the maps of \
      all stages, brought to one vector that `embed` then writes).
      """),
    .init("layers", \.layers, "Linear layers of a classifier."),
    .init(
      "features", \.features,
      "The width between them; with input features, the length of the feature vector."),
    .init(
      "dropout", \.dropout,
      "The share of the inputs of each linear layer dropped in training."),
  ]
}

extension ModelSection.Decoder {
  /// What every setting is.
  public static let fields: [SettingField<ModelSection.Decoder>] = [
    .init("residual_units", \.residualUnits, "Residual units at each resolution."),
    .init(
      "hidden_width", \.hiddenWidth, range: .atLeast(0),
      """
      The decoders' width at the start; 0 takes the width of what is decoded (pytorch) or of a code \
      (keras). Most of the cost of training is here, and grows with its square.
      """),
    .init(
      "minimum_width", \.minimumWidth, range: .atLeast(0),
      "The width is halved per resolution, but not below this; 0 takes 1 (pytorch) or 32 (keras)."),
  ]
}
