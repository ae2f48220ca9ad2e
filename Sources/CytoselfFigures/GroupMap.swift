import ArrayFiles
public import CytoselfAnalysis
import Foundation

/// A map of cells (UMAP) coloured by group: others grey behind, the legend outside.
public struct GroupMap: Sendable {
  /// A circle on the map: a group's centroid and size, as the cluster score uses them.
  public struct Mark: Sendable, Equatable {
    /// The group.
    public var name: String
    /// The centre, in units of the map.
    public var x: Float
    /// The centre, in units of the map.
    public var y: Float
    /// The radius, in units of the map.
    public var radius: Float

    /// A circle of a group.
    public init(name: String, x: Float, y: Float, radius: Float) {
      self.name = name
      self.x = x
      self.y = y
      self.radius = radius
    }
  }

  /// First coordinate of each cell.
  public var x: [Float]
  /// Second coordinate of each cell.
  public var y: [Float]
  /// The group of each cell; a group that is not in the palette is drawn grey, as `others`.
  public var groups: [String]
  /// Colours, markers and the order of the legend.
  public var palette: GroupPalette
  /// The title of the figure.
  public var title: String
  /// The names of the two axes.
  public var axisNames: (x: String, y: String)
  /// Whether names stand on the map beside the legend.
  public var showsNames: Bool
  /// Circles of centroids and sizes.
  public var marks: [Mark]
  /// A sentence below the map, such as the cluster score.
  public var note: String

  /// A map of cells by group.
  public init(
    x: [Float], y: [Float], groups: [String], palette: GroupPalette, title: String = "",
    axisNames: (x: String, y: String) = ("UMAP 1", "UMAP 2"), showsNames: Bool = true,
    marks: [Mark] = [], note: String = ""
  ) {
    self.x = x
    self.y = y
    self.groups = groups
    self.palette = palette
    self.title = title
    self.axisNames = axisNames
    self.showsNames = showsNames
    self.marks = marks
    self.note = note
  }

  private static let side = 330.0
  private static let rowHeight = 10.5
  /// The share of the map that names of groups may cover.
  private static let largestCover = 0.07

  /// The figure.
  ///
  /// - Throws: ``FigureError`` of kind `badData` if there is no cell or lengths differ.
  public func figure(named name: String) throws(FigureError) -> Figure {
    try checkMap(x, y, groups.count, "groups", name)
    let legend = legendEntries()
    let rows = Int((Self.side - 14) / Self.rowHeight)
    let columns = (legend.count + rows - 1) / max(rows, 1)
    let columnWidth = min(TextMetrics.widest(legend.map(\.text), size: 7) + 24, 190)
    let top = title.isEmpty ? 10.0 : 26.0
    let frame = Frame(x: 22, y: top, width: Self.side, height: Self.side)
    var page = FigurePage(
      width: frame.right + 12 + Double(columns) * columnWidth,
      height: frame.bottom + (note.isEmpty ? 18 : 30))
    page.text(title, x: frame.x, y: 13, size: 9, bold: true)
    let cloud = PointCloud(x: x, y: y, in: frame)
    drawAxes(axisNames, frame, &page)
    page.text(note, x: frame.x, y: frame.bottom + 22, size: 7, color: .quiet, limit: 200)
    for (index, entry) in legend.enumerated() {
      let left = frame.right + 16 + Double(index / rows) * columnWidth
      let middle = frame.y + 6 + Double(index % rows) * Self.rowHeight
      if let style = entry.style {
        page.marker(style.marker, x: left, y: middle, diameter: 5, color: style.color)
      }
      let text = TextMetrics.fitted(entry.name, width: columnWidth - 20 - entry.countWidth, size: 7)
      page.text(text, x: left + 7, y: middle)
      page.text(
        entry.count, x: left + 11 + TextMetrics.width(text, size: 7), y: middle, size: 6,
        color: .quiet)
    }
    drawMarks(cloud, &page)
    let known = Set(palette.names)
    let styles = palette.names.reduce(into: [:]) { $0[$1] = palette[$1] }
    let isOther = groups.map { !known.contains($0) }
    let places = Dictionary(
      palette.names.enumerated().map { ($1, Double($0)) }, uniquingKeysWith: { a, _ in a })
    cloud.draw(
      on: &page, order: PointCloud.shuffledOrder(x.count) { isOther[$0] },
      color: { styles[groups[$0]]?.color ?? .others },
      marker: { styles[groups[$0]]?.marker ?? .circle },
      isBehind: { isOther[$0] }, column: ("group", { places[groups[$0]] ?? -1 }), lines: [])
    // After the points' panel, so that names lie over circles too.
    if showsNames { drawNames(cloud, &page) }
    return Figure(
      page, name: name,
      alternative: "\(title.isEmpty ? "Map" : title): \(Numeral.grouped(x.count)) cells in "
        + "\(legend.count) groups")
  }

  private struct LegendEntry {
    var name: String
    var count: String
    var style: GroupPalette.Style?
    var text: String { name + "  " + count }
    var countWidth: Double { TextMetrics.width(count, size: 6) + 4 }
  }

  private func legendEntries() -> [LegendEntry] {
    var counts: [String: Int] = [:]
    for group in groups { counts[group, default: 0] += 1 }
    let known = Set(palette.names)
    var entries = palette.names.filter { counts[$0] != nil }.map { name in
      LegendEntry(name: name, count: Numeral.grouped(counts[name] ?? 0), style: palette[name])
    }
    let most = 96
    if entries.count > most {
      let left = entries.count - most
      entries = Array(entries.prefix(most))
      entries.append(LegendEntry(name: "and \(left) more", count: "", style: nil))
    }
    let others = counts.reduce(0) { known.contains($1.key) ? $0 : $0 + $1.value }
    if others > 0 {
      entries.append(
        LegendEntry(
          name: "others", count: Numeral.grouped(others),
          style: GroupPalette.Style(color: .others, marker: .circle)))
    }
    return entries
  }

  private func drawMarks(_ cloud: PointCloud, _ page: inout FigurePage) {
    for mark in marks where mark.x.isFinite && mark.y.isFinite && mark.radius.isFinite {
      let place = cloud.place(Double(mark.x), Double(mark.y))
      page.circle(
        x: place.x, y: place.y, radius: Double(mark.radius) * cloud.scale,
        color: palette[mark.name].color.mixed(with: .ink, 0.7), in: cloud.frame,
        isFine: marks.count > 15)
    }
  }

  /// Names at the middle of their groups, moved a little where they would cover each other.
  private func drawNames(_ cloud: PointCloud, _ page: inout FigurePage) {
    var members: [String: [Int]] = [:]
    for (index, group) in groups.enumerated() where x[index].isFinite && y[index].isFinite {
      members[group, default: []].append(index)
    }
    let present = palette.names.filter { members[$0] != nil }
    let size = present.count <= 15 ? 7.0 : 6.0
    // Names that would cover much of the map are left to the legend.
    let covered = present.reduce(0) { $0 + TextMetrics.width($1, size: size, bold: true) * size }
    let share = covered / (cloud.frame.width * cloud.frame.height)
    guard share <= Self.largestCover * (present.count <= 30 ? 1 : 0.3) else { return }
    var taken: [Frame] = []
    for name in present.sorted(by: { (members[$0]?.count ?? 0) > (members[$1]?.count ?? 0) }) {
      guard let indices = members[name] else { continue }
      var anchor = middle(of: indices, cloud)
      if let mark = marks.first(where: { $0.name == name && $0.x.isFinite && $0.y.isFinite }) {
        // Just above the cross of the centroid.
        anchor = cloud.place(Double(mark.x), Double(mark.y))
        anchor.y -= 8
      }
      let text = TextMetrics.fitted(name, width: 110, size: size, bold: true)
      let width = TextMetrics.width(text, size: size, bold: true) + 2
      let x = min(max(anchor.x, cloud.frame.x + width / 2 + 2), cloud.frame.right - width / 2 - 2)
      for shift in [0, -1, 1, -2, 2, -3, 3] {
        let y = anchor.y + Double(shift) * (size + 1)
        let box = Frame(x: x - width / 2, y: y - size / 2, width: width, height: size)
        guard y > cloud.frame.y + 5, y < cloud.frame.bottom - 5,
          !taken.contains(where: { $0.intersects(box) })
        else { continue }
        taken.append(box)
        page.haloText(
          text, x: x, y: y, size: size, bold: true,
          color: palette[name].color.mixed(with: .ink, 0.45))
        break
      }
    }
  }

  /// The member nearest to the group's median, so that a name never stands in an empty place.
  private func middle(of indices: [Int], _ cloud: PointCloud) -> (x: Double, y: Double) {
    let xs = indices.map { x[$0] }.sorted()
    let ys = indices.map { y[$0] }.sorted()
    let (middleX, middleY) = (xs[xs.count / 2], ys[ys.count / 2])
    let nearest =
      indices.min { a, b in
        let (ax, ay) = (x[a] - middleX, y[a] - middleY)
        let (bx, by) = (x[b] - middleX, y[b] - middleY)
        return ax * ax + ay * ay < bx * bx + by * by
      } ?? indices[0]
    return cloud.place(Double(x[nearest]), Double(y[nearest]))
  }
}

// MARK: From results of an analysis

extension GroupMap {
  /// Draws the centroids and sizes of a cluster score on the map, and its numbers below it.
  ///
  /// Scores of other than two dimensions have no place on the map and give the numbers alone.
  public mutating func show(_ score: ClusterScore) {
    marks = score.clusters.compactMap { cluster in
      guard cluster.centroid.count == 2 else { return nil }
      return Mark(
        name: cluster.name, x: Float(cluster.centroid[0]), y: Float(cluster.centroid[1]),
        radius: Float(cluster.size))
    }
    note =
      "Cluster score \(Numeral.readable(score.perAxis)) per axis, "
      + "\(Numeral.readable(score.pooled)) pooled; circles: median centroid and median distance"
  }
}
