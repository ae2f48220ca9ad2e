import CytoselfModel

extension ConfigurationField {
  /// The fields of the `model` section.
  static let model = [
    ConfigurationField(
      "model.architecture",
      "Which of the original's two code bases the model is built after: pytorch, or keras (the"
        + " published model and its released weights). Padding, normalisation, decoders and"
        + " classifiers follow.",
      choices: Architecture.allCases.map(\.rawValue)),
    ConfigurationField(
      "model.variant",
      "full; lite: no decoder of level 2; no-split: one code per position; no-pretext: no"
        + " classifier; vqvae-fc, vqvae, autoencoder: one level (the last below) with quantiser and"
        + " classifier, with quantiser, with neither.",
      choices: ModelVariant.allCases.map(\.rawValue)),
    ConfigurationField(
      "model.levels",
      "From the one nearest the image: codes in the codebook, the width of a code, codes per"
        + " position, and the encoder's stages as [expansion, kernel, stride, inputs, outputs,"
        + " blocks] ([] takes upstream's)."),
    ConfigurationField(
      "model.head.levels", "Levels with a classifier, counted from 1; [] means all."),
    ConfigurationField(
      "model.head.input",
      "What a classifier reads: vqvec (quantised map), vqind (codes), vqindhist (soft histogram of"
        + " codes) or encoder (map before quantisation).",
      choices: HeadConfiguration.Input.allCases.map(\.rawValue)),
    ConfigurationField("model.head.layers", "Linear layers of a classifier."),
    ConfigurationField("model.head.features", "The width between them."),
    ConfigurationField(
      "model.head.dropout", "The share of the inputs of each linear layer dropped in training."),
    ConfigurationField(
      "model.scale", "Width and depth of the encoders, after EfficientNet.",
      choices: EncoderScale.allCases.map(\.rawValue)),
    ConfigurationField("model.decoder.residual_units", "Residual units at each resolution."),
    ConfigurationField(
      "model.decoder.hidden_width",
      "The decoders' width at the start; 0 takes the width of what is decoded (pytorch) or of a code"
        + " (keras). Most of the cost of training is here, and grows with its square."),
    ConfigurationField(
      "model.decoder.minimum_width",
      "The width is halved per resolution, but not below this; 0 takes 1 (pytorch) or 32 (keras)."),
    ConfigurationField(
      "model.commitment", "The weight of the commitment term in the quantisation loss."),
    ConfigurationField(
      "model.softmax",
      "The weight of the cross-entropy between distances and codes in the quantisation loss."),
  ]
}
