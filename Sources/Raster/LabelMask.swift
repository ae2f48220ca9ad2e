/// Which object each pixel belongs to: 0 for none, `[height, width]`, row by row from the top.
public struct LabelMask: Sendable, Equatable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// The objects by pixel.
  public var labels: [Int32]

  /// A mask from its labels.
  public init(width: Int, height: Int, labels: [Int32]) {
    precondition(
      width > 0 && height > 0 && labels.count == width * height,
      "A mask has width x height labels, one at least.")
    self.width = width
    self.height = height
    self.labels = labels
  }
}
