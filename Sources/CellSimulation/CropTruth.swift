/// What is known about a simulated crop: the cell in its middle, and how the picture was scaled.
public struct CropTruth: Sendable, Equatable {
  /// Where the cell is in its field, in pixels from the left.
  public var fieldX: Float
  /// Where the cell is in its field, in pixels from the top.
  public var fieldY: Float
  /// Column of the centre of the nucleus in the crop.
  public var nucleusX: Float
  /// Row of the centre of the nucleus in the crop.
  public var nucleusY: Float
  /// Longer semi-axis of the nucleus in pixels.
  public var nucleusLongAxis: Float
  /// Shorter semi-axis of the nucleus in pixels.
  public var nucleusShortAxis: Float
  /// Direction of the longer semi-axis in radians.
  public var nucleusAngle: Float
  /// Mean radius of the cell in pixels.
  public var cellRadius: Float
  /// Intensity of the protein in this cell, around 1.
  public var expression: Float
  /// Number of nucleoli in the cell.
  public var nucleoli: Int
  /// Column of the centrosome, which may lie outside the crop.
  public var centrosomeX: Float
  /// Row of the centrosome.
  public var centrosomeY: Float
  /// Cells that reach into the crop, itself not counted.
  public var neighbors: Int
  /// Electrons of the protein channel that became 0.
  public var low: Float
  /// Electrons of the protein channel that became 1.
  public var high: Float

  /// The names of the numbers, in the order of ``values``.
  public static let names = [
    "field_x", "field_y", "nucleus_x", "nucleus_y", "nucleus_long_axis", "nucleus_short_axis",
    "nucleus_angle", "cell_radius", "expression", "nucleoli", "centrosome_x", "centrosome_y",
    "neighbors", "low", "high",
  ]

  /// The numbers in the order of ``names``.
  public var values: [Float] {
    [
      fieldX, fieldY, nucleusX, nucleusY, nucleusLongAxis, nucleusShortAxis, nucleusAngle,
      cellRadius, expression, Float(nucleoli), centrosomeX, centrosomeY, Float(neighbors), low,
      high,
    ]
  }
}
