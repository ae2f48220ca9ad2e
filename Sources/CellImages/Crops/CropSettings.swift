/// How crops are cut from fields.
public struct CropSettings: Sendable, Equatable {
  /// What happens to a cell whose crop would reach beyond the field.
  public enum Edge: String, Sendable, CaseIterable {
    /// It is left out.
    case drop
    /// The crop is filled with the value of the nearest pixel of the field.
    case pad
  }

  /// What grey values are scaled by to reach 0 to 1.
  public enum Scaling: String, Sendable, CaseIterable {
    /// The percentiles of each crop.
    case crop
    /// The percentiles of each field, so that bright cells stay brighter than dim ones.
    case field
  }

  /// Side of a crop in pixels.
  public var size: Int
  /// What happens at the edge of the field.
  public var edge: Edge
  /// What grey values are scaled by.
  public var scaling: Scaling
  /// The percentile that becomes 0.
  public var lowPercentile: Float
  /// The percentile that becomes 1.
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
}

/// What quality control says about a cell.
public enum CropFlag: String, Sendable, CaseIterable, Hashable {
  /// The crop reaches beyond the field.
  case edge
  /// The nucleus touches the edge of the field.
  case cut
  /// More than 1 % of the protein's pixels have the largest value there is.
  case saturated
  /// The nucleus is less than half as sharp as the median of the field.
  case blurred
  /// The nucleus is less than half as bright as the median of the field.
  case dim
  /// The nucleus has less than 40 % of the median area.
  case small
  /// The nucleus is compact and bright, as in mitosis.
  case mitotic
}
