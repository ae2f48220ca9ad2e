/// The configuration of a model, read from the names and shapes of its tensors.
///
/// Tensors show the architecture, levels, codes, widths, splits, stages, decoders, classifiers and
/// channels. What they do not show gets upstream's defaults and is listed in ``assumptions``; none of it
/// changes an embedding. The crop size follows from what classifiers read, as a range, or not at all.
public struct ConfigurationFromWeights: Sendable {
  /// A setting that tensors do not show.
  public struct Assumption: Codable, Sendable, Equatable {
    /// The setting.
    public let setting: String
    /// What it was taken to be.
    public let value: String
    /// Why the file does not determine it.
    public let reason: String
  }

  /// Sides of crops that fit the classifiers; nil where nothing in the file depends on the side.
  public let cropSizes: ClosedRange<Int>?
  /// What the tensors do not show, with what was taken instead.
  public let assumptions: [Assumption]
  private let inferred: ModelConfiguration

  /// Reads the configuration from the shapes of tensors.
  ///
  /// - Throws: ``ModelError/foreignTensors(_:)`` when they are not those of such a model.
  public init(_ shapes: TensorShapes) throws(ModelError) {
    let isNested = shapes.has("encoders")
    guard isNested || shapes.has("encoder") else {
      let names = shapes.names.prefix(3).map { $0.isEmpty ? "one without a name" : $0 }
      let more = shapes.names.count > 3 ? ", ..." : ""
      throw .foreignTensors(
        "there is neither 'encoders.0' nor 'encoder' among them"
          + " (\(names.joined(separator: ", "))\(more))")
    }
    func path(_ plural: String, _ single: String, _ index: Int) -> String {
      isNested ? "\(plural).\(index)" : single
    }
    func parts(_ plural: String, _ single: String) -> Int {
      isNested ? shapes.count("\(plural).") : shapes.has(single) ? 1 : 0
    }
    var encoders: [InferredEncoder] = []
    for index in 0..<parts("encoders", "encoder") {
      encoders.append(try InferredEncoder(shapes, path("encoders", "encoder", index)))
    }
    var decoders: [InferredDecoder] = []
    for index in 0..<parts("decoders", "decoder") {
      decoders.append(try InferredDecoder(shapes, path("decoders", "decoder", index)))
    }
    var heads: [InferredHead] = []
    for index in encoders.indices where shapes.has(path("fc_layers", "fc_layer", index)) {
      heads.append(try InferredHead(shapes, path("fc_layers", "fc_layer", index), level: index))
    }
    guard !encoders.isEmpty, !decoders.isEmpty else {
      throw .foreignTensors("there is no \(encoders.isEmpty ? "encoder" : "decoder") among them")
    }
    let isQuantized = parts("vq_layers", "vq_layer") > 0
    var levels: [LevelConfiguration] = []
    for (index, encoder) in encoders.enumerated() {
      guard isQuantized else {
        levels.append(LevelConfiguration(codeWidth: encoder.outputs))
        continue
      }
      let name = path("vq_layers", "vq_layer", index)
      let codebook = try shapes.weight(name + ".codebook", rank: 2)
      guard encoder.outputs % codebook[1] == 0 else {
        throw .foreignTensors(
          "'\(name)' has codes of width \(codebook[1]), which does not divide the"
            + " \(encoder.outputs) channels of its encoder")
      }
      levels.append(
        LevelConfiguration(
          codes: codebook[0], codeWidth: codebook[1], splits: encoder.outputs / codebook[1]))
    }
    let architecture: Architecture = decoders.contains(where: \.hasBias) ? .keras : .pytorch
    let (decoder, showsMinimum) = try InferredDecoder.constants(
      decoders, architecture: architecture, codeWidths: levels.map(\.codeWidth))
    let headLevels = heads.map { $0.level + 1 }
    var configuration = ModelConfiguration(
      architecture: architecture, imageChannels: encoders[0].inputs,
      classes: heads.last?.classes ?? 0, levels: levels,
      isQuantized: isQuantized, hasLevelDecoders: !isNested || decoders.count == encoders.count,
      head: heads.last.map {
        HeadConfiguration(
          levels: heads.count == levels.count ? nil : headLevels, layers: $0.layers,
          features: $0.features ?? 1000)
      }, decoder: decoder,
      hasCodeConvolutions: shapes.has(path("pre_vq_convs", "pre_vq_conv", 0)))
    if shapes[path("vq_layers", "vq_layer", 0) + ".codebook.ema_count"] != nil {
      configuration.codebookUpdate = .average
    }
    let isUpstreams = try Self.readStages(encoders, decoders, heads, into: &configuration)

    let isWhole = architecture == .keras || heads.count == levels.count
    let readings =
      isWhole && !heads.isEmpty && !shapes.has("pooling.linear")
      ? InferredSizes.readings(heads, configuration) : []
    if shapes.has("pooling.linear"), !heads.isEmpty {
      configuration.head?.input = .features
      configuration.head?.features = try shapes.weight("pooling.linear", rank: 2)[0]
    } else if !heads.isEmpty {
      guard let reading = readings.first else {
        throw .foreignTensors(
          "the classifiers read \(heads.map(\.inputs)) numbers, which is neither a map nor a"
            + " histogram of the levels")
      }
      configuration.head?.input = reading.input
    }
    cropSizes = readings.first?.cropSizes
    if let cropSizes { configuration.imageSize = Self.likely(cropSizes) }
    guard configuration.weightCount <= 4 * shapes.elementCount + 1e6 else {
      throw .foreignTensors("their shapes do not belong together")
    }
    inferred = configuration
    assumptions = Self.assumptions(
      configuration, cropSizes: cropSizes, readings: readings.map(\.input),
      showsMinimum: showsMinimum, isUpstreams: isUpstreams)
  }

  /// The configuration for crops of a size.
  ///
  /// - Parameter cropSize: The side in pixels; nil takes what the classifiers determine.
  /// - Throws: ``ModelError/cropSizeUnknown(_:)`` when neither determines it, and
  ///   ``ModelError/cropSize(found:fitting:)`` when they contradict each other.
  public func configuration(cropSize: Int? = nil) throws(ModelError) -> ModelConfiguration {
    guard let cropSizes else {
      guard let cropSize else {
        throw .cropSizeUnknown(
          inferred.head == nil
            ? "the model has no classifier, and nothing else depends on it"
            : "its classifiers read histograms of codes or features, which have one length for any"
              + " crop")
      }
      return sized(cropSize)
    }
    if let cropSize, !cropSizes.contains(cropSize) {
      throw .cropSize(found: cropSize, fitting: cropSizes)
    }
    return sized(cropSize ?? inferred.imageSize)
  }

  /// The configuration at the likeliest crop size, upstream's 100 pixels where nothing determines it.
  public var likelyConfiguration: ModelConfiguration { inferred }

  private func sized(_ size: Int) -> ModelConfiguration {
    var copy = inferred
    copy.imageSize = size
    return copy
  }

  private static func likely(_ sizes: ClosedRange<Int>) -> Int {
    sizes.contains(ModelConfiguration.usualCropSize)
      ? ModelConfiguration.usualCropSize : sizes.upperBound
  }
}
