extension ModelConfiguration {
  /// The stages of a level's encoder, upstream's where none are given.
  ///
  /// - Parameter index: The level, from 0.
  public func stages(_ index: Int) -> [StageConfiguration] {
    if let stages = levels[index].stages { return stages }
    if levels.count == 1 { return StageConfiguration.efficientNet }
    return index == 0 ? StageConfiguration.local : StageConfiguration.global
  }

  /// The stride of a level's first convolution: 2 on the image; deeper 1 (`pytorch`) or nil, since
  /// there is none (`keras`).
  public func stemStride(_ index: Int) -> Int? {
    index == 0 ? 2 : architecture.hasDeepStems ? 1 : nil
  }

  /// The side of each level's map: every stride of 2 halves, rounding up.
  public var levelSizes: [Int] { Self.levelSizes(self, imageSize: imageSize) }

  private static func levelSizes(_ configuration: ModelConfiguration, imageSize: Int) -> [Int] {
    var size = imageSize
    return configuration.levels.indices.map { index in
      let strides =
        [configuration.stemStride(index) ?? 1] + configuration.stages(index).map(\.stride)
      for stride in strides { size = (size + stride - 1) / stride }
      return size
    }
  }

  private static func shrinks(_ sizes: [Int], from imageSize: Int) -> Bool {
    zip([imageSize] + sizes, sizes).allSatisfy { $0 > $1 }
  }

  /// The levels whose classifier takes part, from 0.
  public var headLevels: [Int] {
    guard let head else { return [] }
    return (head.levels ?? Array(1...levels.count)).map { $0 - 1 }
  }

  /// Whether the classifier reads features, so that the model makes them.
  public var hasFeatures: Bool { head?.input == .features }

  /// The numbers that features are made from: mean and spread of every channel of every stage.
  var pooledInputs: Int {
    levels.indices.reduce(0) { sum, index in
      let stages = stages(index)
      let stem = stemStride(index) == nil ? 0 : scale.channels(stages[0].inputs)
      return sum + 2
        * (stem + stages.reduce(0) { $0 + scale.channels($1.outputs) } + levels[index].channels)
    }
  }

  /// Whether a level has a classifier, be it one that takes no part.
  func hasHead(_ index: Int) -> Bool {
    head != nil && (architecture == .pytorch && !hasFeatures || headLevels.contains(index))
  }

  /// The levels, from 0, whose maps a level's decoder reads: its own and deeper ones.
  func joinedLevels(_ index: Int) -> [Int] {
    index == 0 || architecture == .keras ? Array(index..<levels.count) : [index]
  }

  /// The width that the first convolution of a level's decoder makes; nil without such a
  /// convolution.
  func decoderWidth(_ index: Int) -> Int? {
    switch architecture {
    case .pytorch: decoder.hiddenWidth
    case .keras: decoder.hiddenWidth ?? levels[index].codeWidth
    }
  }

  /// Checks every setting.
  ///
  /// - Throws: ``ModelError`` for the first that cannot be.
  public func validate() throws(ModelError) {
    try require("image_channels", imageChannels, imageChannels >= 1, "at least 1")
    try require("levels", levels.count, !levels.isEmpty, "a list of at least one level")
    for (index, level) in levels.enumerated() {
      let key = "levels[\(index)]"
      try require("\(key).codes", level.codes, level.codes >= 2, "at least 2")
      try require("\(key).code_width", level.codeWidth, level.codeWidth >= 1, "at least 1")
      try require("\(key).splits", level.splits, level.splits >= 1, "at least 1")
      try require(
        "\(key).stages", "none", levels.count <= 2 || level.stages != nil,
        "given, since upstream has stages for one and two levels only")
      try require("\(key).stages", "empty", !stages(index).isEmpty, "at least one stage")
      for stage in stages(index) {
        let sound =
          (1...2).contains(stage.stride) && stage.kernel % 2 == 1 && stage.kernel > 0
          && stage.blocks >= 1 && stage.inputs >= 1 && stage.outputs >= 1 && stage.expansion >= 1
        try require(
          "\(key).stages", stage, sound, "of stride 1 or 2, an odd kernel and positive numbers")
      }
    }
    try require("residual_units", decoder.residualUnits, decoder.residualUnits >= 0, "at least 0")
    if let width = decoder.minimumWidth {
      try require("minimum_width", width, width >= 1, "at least 1")
    }
    if let width = decoder.hiddenWidth {
      try require("hidden_width", width, width >= 1, "at least 1")
    }
    try validateHead()
    if !Self.shrinks(levelSizes, from: imageSize) || imageSize < 1 {
      let smallest = (1...4096).first { size in
        Self.shrinks(Self.levelSizes(self, imageSize: size), from: size)
      }
      throw .imageSize(found: imageSize, levels: levelSizes, smallest: smallest ?? 4096)
    }
  }

  private func validateHead() throws(ModelError) {
    guard let head else { return }
    try require(
      "classes", classes, classes >= 2, "at least 2 for the pretext task to mean anything")
    try require(
      "head.levels", headLevels.map { $0 + 1 },
      !headLevels.isEmpty && headLevels.allSatisfy(levels.indices.contains)
        && Set(headLevels).count == headLevels.count,
      "distinct levels from 1 to \(levels.count)")
    try require("head.layers", head.layers, head.layers >= 1, "at least 1")
    try require("head.features", head.features, head.features >= 1, "at least 1")
    try require(
      "head.dropout", head.dropout, (0..<1).contains(head.dropout), "from 0 to less than 1")
    try require(
      "head.input", head.input.rawValue,
      isQuantized || head.input == .encoder || head.input == .features,
      "encoder or features when nothing is quantised")
    try require(
      "head.levels", headLevels.map { $0 + 1 },
      head.input != .features || headLevels.count == 1,
      "one level where the classifier reads the features, which are of all levels")
  }

  private func require(
    _ key: String, _ value: Any, _ condition: Bool, _ expected: String
  ) throws(ModelError) {
    if !condition { throw .setting(key: key, value: "\(value)", expected: expected) }
  }
}
