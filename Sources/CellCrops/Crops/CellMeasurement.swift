/// A cell found in a field, with what was measured on it.
public struct CellMeasurement: Sendable, Equatable {
  /// Its label in the mask.
  public let label: Int32
  /// Column of the centre of its nucleus, in pixels of the file.
  public let x: Float
  /// Row of the centre of its nucleus, in pixels of the file.
  public let y: Float
  /// Pixels of the nucleus, in pixels of the file.
  public let area: Int
  /// Mean grey value of the protein in the nucleus.
  public let nuclearProtein: Float
  /// Mean grey value of the nuclear channel in the nucleus.
  public let intensity: Float
  /// Sharpness of the nucleus: mean square of its Laplacian over the square of its mean.
  public let focus: Float
  /// What quality control says, in the order of ``CropFlag``'s cases.
  public internal(set) var flags: [CropFlag]

  /// The first pixel of the crop, which may lie outside the field.
  let left: Int
  /// The first row of the crop, which may lie outside the field.
  let top: Int
}
