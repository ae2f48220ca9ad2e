/// The `data` section of a configuration: which crops, which labels, which split.
public struct DataSection: SettingSection {
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

  /// What every setting is.
  public static let fields: [SettingField<DataSection>] = [
    .init("path", \.path, "The folder or .npy file with the crops."),
    .init(
      "labels_table", \.labelsTable, option: "labels",
      "The label table of a bare array; auto looks for a .csv beside it."),
    .init(
      "channels", \.channels, option: "channels",
      """
      Channels by name or number, in the order the model sees them; [] takes protein and nucleus, \
      or all channels where they have no names.
      """),
    .init(
      "label", \.label, option: "label",
      """
      The column with the class that the classifier learns, by name or number; auto finds the \
      protein column.
      """),
    .init(
      "field", \.field,
      """
      The column with the field of view, by name or number; auto finds it. Cells of one field look \
      alike, so a fair split keeps them together.
      """),
    .init(
      "intensity", \.intensity,
      range: SettingRange { factors in
        let wrong = factors.sorted { $0.key < $1.key }.first { !$1.isFinite || $1 == 0 }
        return wrong.map {
          .init(part: "." + $0.key, value: "\($0.value)", expected: "a number other than 0")
        }
      }, "What to multiply the pixels of a channel by, as {nucdist: 0.01}."),
    .init(
      "integers", \.integers, choices: ["unit", "none"],
      "Integer pixels: unit scales them to 0...1, none leaves them as they are."),
    .init(
      "normalize", \.normalize, choices: ["none", "crop"],
      """
      crop divides every channel of every crop by its own 99.9th percentile (brighter pixels become 1), \
      so that the brightness of a cell, its well or its plate carries no information; none leaves pixels as \
      they are. Distances and masks stay.
      """),
    .init(
      "split", \.split, option: "split",
      """
      field, cell, or the name of a column that says train, val or test. By cell flatters the \
      result: cells of one field sit in training and test.
      """),
    .init(
      "fractions", \.fractions,
      range: SettingRange { fractions in
        let isWhole = fractions.count == 3
        let fits = isWhole && fractions.allSatisfy { $0 >= 0 && $0.isFinite } && fractions[0] > 0
        return fits
          ? nil
          : .init(
            value: "\(fractions)",
            expected: isWhole
              ? "three numbers of 0 or more, the first above 0" : "three numbers")
      }, "The shares of training, validation and test cells."),
    .init("load", \.load, "Classes to use; [] uses all."),
    .init("hold", \.hold, "Classes to leave out."),
    .init(
      "maximum_classes", \.maximumClasses, range: .atLeast(0),
      "The largest number of classes; 0 is no limit."),
  ]
}
