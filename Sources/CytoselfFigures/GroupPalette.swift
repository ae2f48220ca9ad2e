/// Colours and markers of named groups, the same in every figure of a set.
///
/// A group's look depends only on its place in the list of names, so figures that are given one
/// palette agree even if each shows other groups. The first fifteen groups differ in colour alone;
/// later ones repeat the colours with another marker, so seventy-five look different.
public struct GroupPalette: Sendable, Equatable {
  /// How a group is drawn.
  public struct Style: Sendable, Equatable {
    /// The colour of its points, bars and lines.
    public let color: Color
    /// The shape of its points.
    public let marker: Marker
  }

  /// The groups in the order of legends.
  public let names: [String]
  private let places: [String: Int]

  /// A palette for these groups, in this order; a name that comes again is ignored.
  public init(_ names: some Sequence<String>) {
    var places: [String: Int] = [:]
    var order: [String] = []
    for name in names where places[name] == nil {
      places[name] = order.count
      order.append(name)
    }
    self.names = order
    self.places = places
  }

  /// A palette of the largest groups, in the order of their names; smaller ones beyond the number of
  /// ``looks`` are left out, and are drawn grey.
  ///
  /// - Parameters:
  ///   - groups: the group of each cell; an empty name is no group.
  ///   - known: groups that have their places already, as in another figure; they come first.
  public init(largestOf groups: [String], after known: [String] = []) {
    var counts: [String: Int] = [:]
    for group in groups where !group.isEmpty { counts[group, default: 0] += 1 }
    self.init(largestOf: counts, after: known)
  }

  /// A palette of the largest groups as above, of groups with the number of cells of each.
  package init(largestOf counts: [String: Int], after known: [String] = []) {
    var counts = counts
    for group in known + ["others"] { counts[group] = nil }
    let largest = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .prefix(max(0, Self.looks - known.count))
    self.init(known + largest.map(\.key).sorted())
  }

  /// How many groups can be distinguished.
  public static let looks = 75

  /// How a group is drawn; a group that is not in the palette is grey.
  public subscript(name: String) -> Style {
    places[name].map(Self.style(at:)) ?? Style(color: .others, marker: .circle)
  }

  /// The look of the group at a place in the order.
  public static func style(at place: Int) -> Style {
    let markers = Marker.allCases
    return Style(
      color: Color(colors[place % colors.count]),
      marker: markers[place / colors.count % markers.count])
  }

  /// Fifteen colours on white paper that colour-blind readers can distinguish.
  ///
  /// Seven of Okabe and Ito, then those farthest from all before in OKLab, as seen
  /// normally and with each colour blindness: `tools/reference/group_palette.py`.
  static let colors: [UInt32] = [
    0x0072B2, 0xE69F00, 0x009E73, 0xD55E00, 0x56B4E9, 0xCC79A7, 0x3A3A3A, 0x0F0FD2, 0xA569FF,
    0xA53C00, 0x780087, 0x875A69, 0x87E178, 0xA5B487, 0x870FFF,
  ]
}
