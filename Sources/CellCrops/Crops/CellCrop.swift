/// One crop `[height, width, channel]`: protein, nucleus, nuclear distance, nuclear mask, and further
/// channels.
public struct CellCrop: Sendable {
  /// The cell in its middle.
  public let cell: CellMeasurement
  /// The values, channels together.
  public let pixels: [Float]
  /// Grey values that became 0 and 1: of the protein, the nucleus and each further channel.
  public let ranges: [ClosedRange<Float>]
}
