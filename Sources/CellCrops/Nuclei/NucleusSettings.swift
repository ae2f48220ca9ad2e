/// How nuclei are found in a field.
public struct NucleusSettings: Sendable, Equatable, Codable {
  /// How the grey value that divides nuclei from background is chosen.
  public enum Threshold: String, Sendable, Codable, CaseIterable {
    /// The value that separates two classes best (Otsu, 1979, doi:10.1109/TSMC.1979.4310076).
    case otsu
    /// The value of least cross entropy (Li and Tam, 1998, doi:10.1016/S0167-8655(98)00057-9).
    case li
    /// Otsu's value, and above the mean of the surroundings as well: for fields with bright and dim
    /// nuclei side by side.
    case local
  }

  /// Diameter of a typical nucleus in pixels; every other length is scaled by it.
  public var diameter: Float
  /// The same in micrometres; where it is given, it and the size of a pixel make the diameter.
  public var micrometers: Float?
  /// How the threshold is chosen.
  public var threshold: Threshold
  /// Factor on the threshold: below 1 finds more.
  public var sensitivity: Float
  /// Smallest area, as a share of the area of a disc of the diameter.
  public var smallest: Float
  /// Largest area, as a share of the area of a disc of the diameter.
  public var largest: Float

  /// Settings; every value can be changed afterwards.
  public init(
    diameter: Float = 45, threshold: Threshold = .otsu, sensitivity: Float = 0.8,
    smallest: Float = 0.15, largest: Float = 4
  ) {
    self.diameter = diameter
    self.threshold = threshold
    self.sensitivity = sensitivity
    self.smallest = smallest
    self.largest = largest
  }
}
