/// What the tensors of a pretext classifier determine.
struct InferredHead {
  /// The level it is on, from 0.
  let level: Int
  /// Numbers into the first linear layer.
  let inputs: Int
  /// Linear layers.
  let layers: Int
  /// The width between them; nil for one layer.
  let features: Int?
  /// Proteins that it distinguishes.
  let classes: Int

  /// Reads the tensors below a path such as `fc_layers.0`.
  ///
  /// Dropout and activation take numbers in the list without having tensors, so the linear layers
  /// are numbered 1, 4, 7 and so on.
  ///
  /// - Throws: ``ModelError/foreignTensors(_:)``.
  init(_ shapes: TensorShapes, _ path: String, level: Int) throws(ModelError) {
    self.level = level
    var layers = 0
    while shapes.has("\(path).fc_list.\(1 + 3 * layers)") { layers += 1 }
    guard layers > 0 else { throw .foreignTensors("'\(path)' has no linear layers") }
    let first = try shapes.weight("\(path).fc_list.1", rank: 2)
    let last = try shapes.weight("\(path).fc_list.\(3 * layers - 2)", rank: 2)
    inputs = first[1]
    features = layers == 1 ? nil : first[0]
    classes = last[0]
    self.layers = layers
  }

  /// The side of the square map that a number of inputs is, at so many numbers per position.
  func side(perPosition count: Int) -> Int? {
    guard count > 0, inputs % count == 0 else { return nil }
    let area = inputs / count
    let side = Int(Double(area).squareRoot().rounded())
    return side >= 1 && side <= InferredSizes.largest && side * side == area ? side : nil
  }
}

/// The crop sizes at which a model's levels have certain sides.
struct InferredSizes {
  /// Larger crops are not looked for.
  static let largest = 4096

  /// What the classifiers read, and the crop sizes at which it has the size they need.
  struct Reading {
    let input: HeadConfiguration.Input
    /// The crop sizes; nil where the classifiers do not depend on them.
    let cropSizes: ClosedRange<Int>?
    /// Whether the maps would have one position.
    var isSinglePosition = false
  }

  /// What classifiers can be reading; the likeliest first.
  ///
  /// Upstream's crops have 100 pixels and its classifiers read the quantised map unless told
  /// otherwise, so what agrees with that comes first.
  ///
  /// - Parameter configuration: The model, with levels and strides but any crop size and head.
  static func readings(
    _ heads: [InferredHead], _ configuration: ModelConfiguration
  ) -> [Reading] {
    let inputs: [HeadConfiguration.Input] =
      configuration.isQuantized ? [.vqvec, .vqindhist, .vqind] : [.encoder]
    var readings: [Reading] = []
    for input in inputs {
      if input == .vqindhist {
        let fits = heads.allSatisfy { $0.inputs == configuration.levels[$0.level].codes }
        if fits { readings.append(Reading(input: input, cropSizes: nil)) }
        continue
      }
      if let sides = sides(heads, configuration.levels, input),
        let sizes = cropSizes(sides, configuration)
      {
        readings.append(
          Reading(
            input: input, cropSizes: sizes,
            isSinglePosition: sides.values.allSatisfy { $0 == 1 }))
      }
    }
    // A map of a single position is the least likely to be read.
    func rank(_ reading: Reading) -> Int {
      if reading.cropSizes?.contains(ModelConfiguration.usualCropSize) == true { return 0 }
      return reading.isSinglePosition ? 2 : 1
    }
    return (0...2).flatMap { place in readings.filter { rank($0) == place } }
  }

  /// The sides, by level, of the maps that classifiers reading `input` need; nil where none fit.
  static func sides(
    _ heads: [InferredHead], _ levels: [LevelConfiguration], _ input: HeadConfiguration.Input
  ) -> [Int: Int]? {
    var sides: [Int: Int] = [:]
    for head in heads {
      let level = levels[head.level]
      sides[head.level] = head.side(perPosition: input == .vqind ? level.splits : level.channels)
    }
    return sides.count == heads.count ? sides : nil
  }

  /// The crop sizes at which the levels have these sides; they lie side by side, since a level never
  /// shrinks when the crop grows.
  private static func cropSizes(
    _ sides: [Int: Int], _ configuration: ModelConfiguration
  ) -> ClosedRange<Int>? {
    var copy = configuration
    let fitting = (1...largest).filter { size in
      copy.imageSize = size
      let sizes = copy.levelSizes
      return sides.allSatisfy { sizes[$0.key] == $0.value }
    }
    guard let first = fitting.first, let last = fitting.last else { return nil }
    return first...last
  }
}

extension ModelConfiguration {
  /// The side of upstream's crops in pixels.
  public static let usualCropSize = 100
}
