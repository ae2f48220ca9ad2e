/// What the tensors of a decoder determine.
struct InferredDecoder {
  /// How often the side is doubled.
  let doublings: Int
  /// Residual units at each resolution; nil for a decoder without resolutions.
  let residualUnits: Int?
  /// The width of a first convolution, where there is one.
  let hiddenWidth: Int?
  /// The width below which halving stopped, where it did.
  let minimumWidth: Int?
  /// The least width that halving made; nil where nothing was halved.
  let leastWidth: Int?
  /// Whether its convolutions have biases, which only those of Keras do.
  let hasBias: Bool

  /// Reads the tensors below a path such as `decoders.0`.
  ///
  /// - Throws: ``ModelError/foreignTensors(_:)`` when they are not those of such a decoder.
  init(_ shapes: TensorShapes, _ path: String) throws(ModelError) {
    let path = path + ".decoder"
    hiddenWidth =
      shapes.has("\(path).dec_first")
      ? try shapes.weight("\(path).dec_first.conv", rank: 4)[0] : nil
    doublings = shapes.count("\(path).resrep", from: 1, suffix: "last")
    residualUnits =
      doublings == 0 ? nil : shapes.count("\(path).resrep1.res_repeat.res", from: 1)
    let isLinear = shapes.has("\(path).output_conv")
    hasBias =
      shapes["\(path).output_conv.bias"] != nil || shapes["\(path).dec_first.conv.bias"] != nil
    var minimum: Int?
    var least: Int?
    for index in 1...max(doublings, 1) where doublings > 0 {
      let last = try shapes.weight("\(path).resrep\(index)last.conv", rank: 4)
      // Without a linear convolution at its end, the last one has the channels of what is rebuilt.
      if index == doublings, !isLinear { break }
      let halved = max(last[1] / 2, 1)
      guard last[0] >= halved else {
        throw .foreignTensors(
          "'\(path).resrep\(index)last' narrows \(last[1]) channels to \(last[0]), to less than half"
        )
      }
      if last[0] > halved { minimum = last[0] }
      least = min(least ?? last[0], last[0])
    }
    minimumWidth = minimum
    leastWidth = least
  }

  /// The constants that all decoders of a model share; nil stands for the architecture's.
  ///
  /// - Throws: ``ModelError/foreignTensors(_:)`` when they differ.
  static func constants(
    _ decoders: [InferredDecoder], architecture: Architecture, codeWidths: [Int]
  ) throws(ModelError) -> (configuration: DecoderConfiguration, showsMinimum: Bool) {
    let units = Set(decoders.compactMap(\.residualUnits))
    var widths = Set(decoders.map(\.hiddenWidth))
    if architecture == .keras, zip(decoders, codeWidths).allSatisfy({ $0.hiddenWidth == $1 }) {
      widths = [nil]
    }
    guard units.count <= 1, widths.count == 1, let width = widths.first else {
      throw .foreignTensors("the decoders differ in residual units or in their first width")
    }
    let shown = decoders.compactMap(\.minimumWidth).max()
    let usual = architecture.minimumDecoderWidth
    let least = decoders.compactMap(\.leastWidth).min() ?? usual
    let minimum = shown ?? (least >= usual ? usual : 1)
    return (
      DecoderConfiguration(
        residualUnits: units.first ?? 2, hiddenWidth: width,
        minimumWidth: minimum == usual ? nil : minimum),
      shown != nil
    )
  }
}
