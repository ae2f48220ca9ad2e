/// The `data` section of a configuration: which crops, which labels, which split.
public struct DataSection: Codable, Equatable, Sendable {
  /// The folder or `.npy` file with the crops.
  public var path = ""
  /// The label table of a bare array; `auto` looks beside it.
  public var labelsTable = "auto"
  /// Channels by name or number; empty takes protein and nucleus, or all where unnamed.
  public var channels: [String] = []
  /// The column with the class of each cell, by name or number; `auto` finds the protein column.
  public var label = "auto"
  /// The column with the field of view, by name or number; `auto` finds it.
  public var field = "auto"
  /// What to multiply the pixels of a channel by, beside the layout's own factors.
  public var intensity: [String: Double] = [:]
  /// What becomes of integer pixels: `unit` scales them to 0...1, `none` leaves them.
  public var integers = "unit"
  /// What pixels are measured by: `crop` scales every channel of every crop by its own brightness,
  /// `none` leaves them.
  public var normalize = "none"
  /// `field`, `cell`, or the name of a column that says train, val or test.
  public var split = "field"
  /// The shares of training, validation and test cells.
  public var fractions = [0.82, 0.098, 0.082]
  /// Classes to use; empty uses all.
  public var load: [String] = []
  /// Classes to leave out.
  public var hold: [String] = []
  /// The largest number of classes; 0 is no limit.
  public var maximumClasses = 0

  /// The defaults.
  public init() {}

  private enum CodingKeys: String, CodingKey {
    case path
    case labelsTable = "labels_table"
    case channels, label, field, intensity, integers, normalize, split, fractions, load, hold
    case maximumClasses = "maximum_classes"
  }
}
