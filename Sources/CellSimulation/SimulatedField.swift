public import Raster

/// One simulated field of view: two channels as a camera records them, and its nuclei.
public struct SimulatedField: Sendable {
  /// The protein channel, 16 bits.
  public let protein: [UInt16]
  /// The nuclear channel, 16 bits.
  public let nucleus: [UInt16]
  /// Which nucleus each pixel belongs to, from 1.
  public let labels: LabelMask
  /// The nuclei that have pixels in the field, by label.
  public let nuclei: [Nucleus]

  /// A nucleus of the field.
  public struct Nucleus: Sendable, Equatable {
    /// Its label in the mask.
    public let label: Int32
    /// Column of its centre of mass.
    public let x: Float
    /// Row of its centre of mass.
    public let y: Float
    /// Its pixels in the field.
    public let area: Int
    /// Whether it touches the edge of the field.
    public let touchesEdge: Bool
  }
}
