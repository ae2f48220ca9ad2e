/// One crop `[height, width, channel]`: protein, nucleus, nuclear distance, nuclear mask, and further
/// channels.
public struct CellCrop: Sendable {
  /// The cell in its middle.
  public let cell: CellMeasurement
  /// The values, channels together.
  public let pixels: [Float]
  /// Grey values that became 0 and 1, less `origins`: of the protein, the nucleus and each further channel.
  public let ranges: [ClosedRange<Float>]
  /// The value of the file that each channel is counted from, 0 but for files of large offsets.
  public let origins: [Double]
}
