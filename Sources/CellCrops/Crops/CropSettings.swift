/// How crops are cut from fields.
public struct CropSettings: Sendable, Equatable, Codable {
  /// What happens to a cell whose crop would reach beyond the field.
  public enum Edge: String, Sendable, Codable, CaseIterable {
    /// It is left out.
    case drop
    /// The crop is filled with the value of the nearest pixel of the field.
    case pad
  }

  /// What grey values are scaled by to reach 0 to 1.
  public enum Scaling: String, Sendable, Codable, CaseIterable {
    /// The percentiles of each crop.
    case crop
    /// The percentiles of each field, so that bright cells stay brighter than dim ones.
    case field
    /// The percentiles of all fields of a plate, so that fields can be compared too.
    case plate
  }

  /// Side of a crop in pixels.
  public var size: Int
  /// Micrometres of a crop's pixel, to which fields are resampled; nil to leave them as they are.
  public var pixelSize: Double?
  /// What happens at the edge of the field.
  public var edge: Edge
  /// What grey values are scaled by.
  public var scaling: Scaling
  /// The percentile that becomes 0; 0 is the smallest value.
  public var lowPercentile: Float
  /// The percentile that becomes 1; 100 is the largest value.
  public var highPercentile: Float
  /// Whether neighbouring cells are blanked: pixels nearer to another nucleus become 0.
  public var blanksNeighbors: Bool
  /// Flags for which a cell is left out.
  public var dropped: Set<CropFlag>

  /// Settings; every value can be changed afterwards.
  public init(
    size: Int = 100, edge: Edge = .drop, scaling: Scaling = .crop, lowPercentile: Float = 0.5,
    highPercentile: Float = 99.97, blanksNeighbors: Bool = false, dropped: Set<CropFlag> = []
  ) {
    self.size = size
    self.edge = edge
    self.scaling = scaling
    self.lowPercentile = lowPercentile
    self.highPercentile = highPercentile
    self.blanksNeighbors = blanksNeighbors
    self.dropped = dropped
  }

  /// Encodes the settings, the flags in order: equal settings must give equal bytes in every process.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(size, forKey: .size)
    try values.encodeIfPresent(pixelSize, forKey: .pixelSize)
    try values.encode(edge, forKey: .edge)
    try values.encode(scaling, forKey: .scaling)
    try values.encode(lowPercentile, forKey: .lowPercentile)
    try values.encode(highPercentile, forKey: .highPercentile)
    try values.encode(blanksNeighbors, forKey: .blanksNeighbors)
    try values.encode(CropFlag.allCases.filter(dropped.contains), forKey: .dropped)
  }

  private enum CodingKeys: CodingKey {
    case size, pixelSize, edge, scaling, lowPercentile, highPercentile, blanksNeighbors, dropped
  }
}
