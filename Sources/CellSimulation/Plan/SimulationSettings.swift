/// What to simulate: patterns, how many proteins, fields and cells, the size of crops, the seed.
public struct SimulationSettings: Sendable, Equatable {
  /// The localization patterns, in order.
  public var patterns: [LocalizationPattern]
  /// Proteins of each pattern, 1 to 1,000.
  public var proteinsPerPattern: Int
  /// Fields of view of each protein, 1 to 10,000.
  public var fields: Int
  /// Crops from each field, 1 to 10,000.
  public var cells: Int
  /// Side of a crop in pixels, 16 to 1,024.
  public var cropSize: Int
  /// Size of a pixel in the specimen, in micrometres, 0.05 to 2.
  ///
  /// Cells keep their size: nuclei are
  /// about 8 micrometres across.
  public var pixelSize: Float
  /// The seed of everything.
  public var seed: UInt64

  /// Settings; every value can be changed afterwards.
  public init(
    patterns: [LocalizationPattern] = LocalizationPattern.standard, proteinsPerPattern: Int = 2,
    fields: Int = 6, cells: Int = 12, cropSize: Int = 100, pixelSize: Float = 0.2, seed: UInt64 = 0
  ) {
    self.patterns = patterns
    self.proteinsPerPattern = proteinsPerPattern
    self.fields = fields
    self.cells = cells
    self.cropSize = cropSize
    self.pixelSize = pixelSize
    self.seed = seed
  }

  /// The number of crops in all.
  public var count: Int { patterns.count * proteinsPerPattern * fields * cells }

  /// Pixels per pixel of the 0.2 micrometre sampling that shapes are given in.
  var scale: Float { 0.2 / pixelSize }

  /// Checks every value.
  /// - Throws: ``SimulationError/outOfRange(option:value:allowed:)`` or
  ///   ``SimulationError/repeatedPattern(_:)``, naming the command's option.
  public func validate() throws(SimulationError) {
    try Self.check("--proteins-per-pattern", proteinsPerPattern, 1...1_000)
    try Self.check("--fields", fields, 1...10_000)
    try Self.check("--cells", cells, 1...10_000)
    try Self.check("--crop-size", cropSize, 16...1_024)
    guard pixelSize >= 0.05, pixelSize <= 2 else {
      throw .outOfRange(
        option: "--pixel-size", value: "\(pixelSize)", allowed: "between 0.05 and 2 micrometres")
    }
    guard !patterns.isEmpty else {
      throw .outOfRange(option: "--patterns", value: "empty", allowed: "one pattern or more")
    }
    var seen: Set<LocalizationPattern> = []
    for pattern in patterns where !seen.insert(pattern).inserted {
      throw .repeatedPattern(pattern.name)
    }
    let proteins = patterns.count * proteinsPerPattern
    guard proteins * fields <= 50_000_000 / cells else {
      throw .outOfRange(
        option: "The number of crops", value: "\(proteins * fields) x \(cells)",
        allowed: "at most 50,000,000")
    }
  }

  static func check(_ option: String, _ value: Int, _ range: ClosedRange<Int>)
    throws(SimulationError)
  {
    guard range.contains(value) else {
      throw .outOfRange(
        option: option, value: "\(value)",
        allowed: "between \(range.lowerBound) and \(range.upperBound)")
    }
  }
}
