import Foundation

/// A grid of images with row and column titles: reconstructions, contact sheets.
///
/// Every image is drawn pixel by pixel; nothing is smoothed.
public struct ImagePanels: Sendable {
  /// One image of the grid.
  public struct Image: Sendable {
    /// Rows of the image.
    public let height: Int
    /// Columns of the image.
    public let width: Int
    /// Values `[height, width]`, row after row from the top.
    public let values: [Float]
    /// A short note in the corner, such as an error.
    public let note: String

    /// An image from its values, row after row from the top.
    public init(height: Int, width: Int, values: [Float], note: String = "") {
      precondition(
        height > 0 && width > 0 && values.count == height * width,
        "An image has height times width values, at least one.")
      self.height = height
      self.width = width
      self.values = values
      self.note = note
    }
  }

  /// Which values are black and white (or blue and red).
  public enum Range: Sendable, Equatable {
    /// These values at the ends, in every image that uses this.
    case fixed(Float, Float)
    /// Each image from its own 0.5th to 99.5th percentile.
    case eachImage
    /// One range for the images of a row between two wide gaps (a channel of a cell): the 0.5th to
    /// 99.5th percentile of all of them.
    case eachRow
    /// One range for the column.
    case eachColumn
    /// One range for the whole grid.
    case all
  }

  /// Rows of images from the top; `nil` leaves a place empty.
  public var rows: [[Image?]]
  /// The title of each row, at its left.
  public var rowTitles: [String]
  /// The title of each column, above it.
  public var columnTitles: [String]
  /// The title of the figure.
  public var title: String
  /// What is black and what is white.
  public var range: Range
  /// The colours of each column, if they are not all grey: differences are `.diverging`.
  public var columnScales: [ColorScale]
  /// Ranges of single columns, which go before the common one.
  ///
  /// A diverging column is symmetric about 0.
  public var columnRanges: [Int: Range]
  /// Columns after which a wider gap stands, to set groups of columns apart.
  public var gapsAfterColumns: Set<Int>
  /// The width of one image in points.
  public var imageWidth: Double
  /// The name of the values, written beside the scales (for instance `intensity`).
  public var valueName: String
  /// Whether the range of values is drawn beside the grid where it is shared.
  public var showsScale: Bool

  /// A grid of images.
  ///
  /// - Parameters:
  ///   - rows: Rows of images from the top; `nil` leaves a place empty. Rows may differ in length.
  ///   - rowTitles: One for each row, or none.
  ///   - columnTitles: One for each column, or none.
  ///   - showsScale: whether shared ranges are drawn beside the grid.
  ///   - columnScales: the colours of each column, if they are not all grey.
  ///   - gapsAfterColumns: columns after which a wider gap stands.
  ///   - columnRanges: ranges of single columns, which go before the common one.
  ///   - imageWidth: the width of one image in points.
  ///   - range: what is black and what is white.
  ///   - title: the title of the figure.
  ///   - valueName: the name of the values, beside the scales.
  public init(
    rows: [[Image?]], rowTitles: [String] = [], columnTitles: [String] = [], title: String = "",
    range: Range = .eachImage, columnScales: [ColorScale] = [],
    columnRanges: [Int: Range] = [:], gapsAfterColumns: Set<Int> = [], imageWidth: Double = 60,
    valueName: String = "intensity", showsScale: Bool = true
  ) {
    self.rows = rows
    self.rowTitles = rowTitles
    self.columnTitles = columnTitles
    self.title = title
    self.range = range
    self.columnScales = columnScales
    self.columnRanges = columnRanges
    self.gapsAfterColumns = gapsAfterColumns
    self.imageWidth = imageWidth
    self.valueName = valueName
    self.showsScale = showsScale
  }

  var columnCount: Int { rows.map(\.count).max() ?? 0 }

  func scale(ofColumn column: Int) -> ColorScale {
    columnScales.indices.contains(column) ? columnScales[column] : .gray
  }

  /// The number of wide gaps before a column.
  func segment(ofColumn column: Int) -> Int { gapsAfterColumns.filter { $0 < column }.count }

  // MARK: Ranges

  /// The values at the two ends of the colours for each image.
  func limits() -> [[ClosedRange<Float>?]] {
    let shared = sharedLimits()
    return rows.enumerated().map { row, images in
      images.enumerated().map { column, image in
        guard let image else { return nil }
        switch columnRanges[column] ?? range {
        case .fixed(let low, let high): return min(low, high)...max(low, high)
        case .eachImage: return Self.spread([image], diverging: scale(ofColumn: column))
        case .eachRow: return shared[.row(row, segment(ofColumn: column), scale(ofColumn: column))]
        case .eachColumn: return shared[.column(column)]
        case .all: return shared[.all(scale(ofColumn: column))]
        }
      }
    }
  }

  enum Group: Hashable {
    case row(Int, Int, ColorScale)
    case column(Int)
    case all(ColorScale)
  }

  /// The shared range that an image belongs to, if it shares one.
  func group(row: Int, column: Int) -> Group? {
    switch columnRanges[column] ?? range {
    case .fixed, .eachImage: nil
    case .eachRow: .row(row, segment(ofColumn: column), scale(ofColumn: column))
    case .eachColumn: .column(column)
    case .all: .all(scale(ofColumn: column))
    }
  }

  private func sharedLimits() -> [Group: ClosedRange<Float>] {
    var members: [Group: [Image]] = [:]
    var scales: [Group: ColorScale] = [:]
    for (row, images) in rows.enumerated() {
      for (column, image) in images.enumerated() {
        guard let image, let group = group(row: row, column: column) else { continue }
        members[group, default: []].append(image)
        scales[group] = scale(ofColumn: column)
      }
    }
    return members.reduce(into: [:]) { limits, member in
      limits[member.key] = Self.spread(member.value, diverging: scales[member.key] ?? .gray)
    }
  }

  /// The 0.5th to 99.5th percentile of the finite values; symmetric about 0 for diverging colours.
  ///
  /// A few hot pixels must not turn the rest black. At most about 200,000 values are looked at.
  static func spread(_ images: [Image], diverging scale: ColorScale) -> ClosedRange<Float> {
    let count = images.reduce(0) { $0 + $1.values.count }
    let step = max(1, count / 200_000)
    var sample: [Float] = []
    for image in images {
      for index in stride(from: 0, to: image.values.count, by: step)
      where image.values[index].isFinite {
        sample.append(image.values[index])
      }
    }
    guard !sample.isEmpty else { return 0...1 }
    sample.sort()
    let low = sample[Int(0.005 * Double(sample.count - 1))]
    let high = sample[Int((0.995 * Double(sample.count - 1)).rounded(.up))]
    if scale == .diverging {
      let end = max(abs(low), abs(high), .leastNormalMagnitude)
      return -end...end
    }
    return high > low ? low...high : low...(low + max(abs(low), 1))
  }
}
