extension ConfigurationFromWeights {
  /// Fills in stages and scale: upstream's where a scale makes them, else as they are.
  ///
  /// - Returns: Whether upstream's stages at one scale explain all encoders.
  static func readStages(
    _ encoders: [InferredEncoder], _ decoders: [InferredDecoder], _ heads: [InferredHead],
    into configuration: inout ModelConfiguration
  ) throws(ModelError) -> Bool {
    let tables: [[StageConfiguration]] =
      encoders.count == 1 ? [StageConfiguration.efficientNet] : [.local, .global]
    let matches = encoders.enumerated().map { index, encoder in
      index < tables.count ? encoder.scales(of: tables[index]) : []
    }
    if encoders.count <= 2,
      let scale = EncoderScale.allCases.first(where: { scale in
        matches.allSatisfy { $0.contains(scale) }
      })
    {
      configuration.scale = scale
      return true
    }
    for (index, encoder) in encoders.enumerated() {
      if let scale = matches[index].first {
        configuration.levels[index].stages = tables[index].map { $0.scaled(scale) }
      } else {
        let halvings = halvings(index, decoders, heads, configuration)
        configuration.levels[index].stages = try encoder.stages(halvings: halvings, level: index)
      }
    }
    return false
  }

  /// How many stages of a level halve the map: what its decoder doubles, less what the first
  /// convolution on an image halves; without a decoder, what the classifiers' inputs determine.
  private static func halvings(
    _ level: Int, _ decoders: [InferredDecoder], _ heads: [InferredHead],
    _ configuration: ModelConfiguration
  ) -> Int? {
    if level < decoders.count { return decoders[level].doublings - (level == 0 ? 1 : 0) }
    for input in HeadConfiguration.Input.allCases
    where input != .vqindhist && input != .features {
      guard let sides = InferredSizes.sides(heads, configuration.levels, input), level > 0,
        let before = sides[level - 1], let own = sides[level]
      else { continue }
      for halvings in 0...12 {
        let side = (before + (1 << halvings) - 1) >> halvings
        if side == own { return halvings }
      }
    }
    return nil
  }

  /// What the tensors do not show.
  static func assumptions(
    _ configuration: ModelConfiguration, cropSizes: ClosedRange<Int>?,
    readings: [HeadConfiguration.Input], showsMinimum: Bool, isUpstreams: Bool
  ) -> [Assumption] {
    var list: [Assumption] = []
    func assume(_ setting: String, _ value: String, _ reason: String) {
      list.append(Assumption(setting: setting, value: value, reason: reason))
    }
    if let cropSizes, cropSizes.count > 1 {
      assume(
        "crop size", "\(configuration.imageSize)",
        "\(cropSizes.lowerBound) to \(cropSizes.upperBound) pixels give maps of the same size")
    } else if cropSizes == nil {
      assume("crop size", "\(configuration.imageSize)", "no tensor depends on it")
    }
    if let head = configuration.head {
      if configuration.levels.count > 1, configuration.architecture == .pytorch,
        !configuration.hasFeatures
      {
        assume(
          "head.levels", "all", "classifiers that do not count in the loss are saved all the same")
      }
      var others = readings.dropFirst().map(\.rawValue)
      if head.input == .vqvec { others.append(HeadConfiguration.Input.encoder.rawValue) }
      if !others.isEmpty {
        assume(
          "head.input", head.input.rawValue,
          "\(others.joined(separator: " and ")) would have the same shape")
      }
      assume("head.dropout", "\(head.dropout)", "it has no tensors")
    }
    if !showsMinimum {
      assume(
        "decoder.minimum_width",
        "\(configuration.decoder.minimumWidth ?? configuration.architecture.minimumDecoderWidth)",
        "the width was halved to the end")
    }
    if configuration.isQuantized {
      assume("commitment", "\(configuration.commitmentCost)", "it has no tensors")
      assume("softmax", "\(configuration.softmaxCost)", "it has no tensors")
    } else {
      assume("levels.codes, levels.splits", "512, 1", "nothing is quantised")
    }
    if !isUpstreams {
      assume(
        "scale", configuration.scale.rawValue,
        "the stages are not the original's; their widths are taken as they are")
    }
    return list
  }
}

extension [StageConfiguration] {
  fileprivate static var local: Self { StageConfiguration.local }
  fileprivate static var global: Self { StageConfiguration.global }
}

extension ModelConfiguration {
  /// About how many numbers the weights of a model have; a real number, which cannot overflow.
  package var weightCount: Double {
    var count = 0.0
    for (index, level) in levels.enumerated() {
      for stage in stages(index).map({ $0.scaled(scale) }) {
        let width = Double(stage.inputs) * Double(stage.expansion)
        let kernel = Double(stage.kernel) * Double(stage.kernel)
        let ends = Double(stage.inputs) + 1.5 * Double(stage.outputs)
        count += Double(stage.blocks) * width * (ends + kernel)
      }
      if isQuantized { count += Double(level.codes) * Double(level.codeWidth) }
    }
    for index in hasLevelDecoders ? Array(levels.indices) : [0] {
      let inputs = joinedLevels(index).reduce(0.0) { $0 + Double(levels[$1].channels) }
      let own = decoderWidth(index).map(Double.init)
      let width = own ?? inputs
      count += 9 * inputs * (own ?? 0)
      count += 9 * width * width * (2 * Double(decoder.residualUnits) + 0.5)
    }
    if let head {
      let inputs = levels.indices.filter(hasHead).reduce(0.0) { $0 + Double(headInputs($1, head)) }
      count += inputs * Double(head.layers == 1 ? classes : head.features)
    }
    return count
  }
}
