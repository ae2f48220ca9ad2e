import ArrayFiles
public import Foundation

/// A map of cells as one page for the browser, without a network.
///
/// Pointing at a cell shows its id, labels and picture; the legend switches groups on and off; cells
/// drawn around with the lasso can be saved as a table of ids.
public struct InteractiveMap: Sendable {
  /// A column of labels that is shown for a cell.
  public struct Column: Sendable, Equatable {
    /// The column's name.
    public var name: String
    /// The label of each cell.
    public var values: [String]

    /// A column of labels.
    public init(name: String, values: [String]) {
      self.name = name
      self.values = values
    }
  }

  /// Small grey pictures of some cells.
  public struct Pictures: Sendable, Equatable {
    /// Pixels of a side; all pictures are square.
    public let side: Int
    /// The cells that have a picture, by row of the map.
    public private(set) var cells: [Int] = []
    /// Their pixels, 0 to 255, picture after picture.
    public private(set) var pixels: [UInt8] = []

    /// No pictures yet, of this size.
    public init(side: Int = 48) {
      precondition(side > 0 && side <= 512, "A picture's side is 1 to 512 pixels.")
      self.side = side
    }

    /// Adds the picture of a cell, scaled from its own darkest to its own brightest.
    ///
    /// The centre square of the image is reduced by averaging, or enlarged by repeating.
    public mutating func add(cell: Int, _ image: ImagePanels.Image) {
      let range = ImagePanels.spread([image], diverging: .gray)
      let span = range.upperBound - range.lowerBound
      let extent = min(image.width, image.height)
      let left = (image.width - extent) / 2
      let top = (image.height - extent) / 2
      func bounds(_ index: Int) -> Range<Int> {
        let start = index * extent / side
        return start..<max((index + 1) * extent / side, start + 1)
      }
      for row in 0..<side {
        for column in 0..<side {
          var sum: Float = 0
          var count: Float = 0
          for y in bounds(row) {
            for x in bounds(column) {
              let value = image.values[(top + y) * image.width + left + x]
              if value.isFinite {
                sum += value
                count += 1
              }
            }
          }
          let position = count > 0 && span > 0 ? (sum / count - range.lowerBound) / span : 0
          pixels.append(UInt8((min(max(position, 0), 1) * 255).rounded()))
        }
      }
      cells.append(cell)
    }
  }

  /// First coordinate of each cell.
  public var x: [Float]
  /// Second coordinate of each cell.
  public var y: [Float]
  /// The id of each cell.
  public var ids: [String]
  /// The group of each cell, as colour and legend entry; one not in the palette is `others`.
  public var groups: [String]
  /// What the groups are, such as the name of their column.
  public var groupName: String
  /// Colours and the order of the legend.
  public var palette: GroupPalette
  /// More labels to show for a cell.
  public var columns: [Column]
  /// Pictures of some cells.
  public var pictures: Pictures?
  /// The title of the page.
  public var title: String
  /// The names of the two axes.
  public var axisNames: (x: String, y: String)

  /// A map of cells with their ids and groups.
  public init(
    x: [Float], y: [Float], ids: [String], groups: [String], groupName: String = "group",
    palette: GroupPalette, columns: [Column] = [], pictures: Pictures? = nil,
    title: String = "Map of cells",
    axisNames: (x: String, y: String) = ("UMAP 1", "UMAP 2")
  ) {
    self.x = x
    self.y = y
    self.ids = ids
    self.groups = groups
    self.groupName = groupName
    self.palette = palette
    self.columns = columns
    self.pictures = pictures
    self.title = title
    self.axisNames = axisNames
  }

  /// Writes the page, whole or not at all.
  ///
  /// - Parameters:
  ///   - url: The page's file, for instance `map.html`.
  ///   - plotly: The library, or `nil` to look for it.
  /// - Throws: ``FigureError``: `badData` if lengths differ, `missingPart` without plotly.js,
  ///   `inputOutput` when the page cannot be written.
  public func write(to url: URL, plotly: PlotlyScript? = nil) throws(FigureError) {
    try checkMap(x, y, groups.count, "groups", "page")
    for (name, count) in [("ids", ids.count)] + columns.map({ ($0.name, $0.values.count) })
    where count != x.count {
      throw FigureError(
        .badData,
        "The map has \(x.count) cells and \(count) values of "
          + "\(FigureText.printable(name, limit: 40)).")
    }
    if let pictures, let stray = pictures.cells.first(where: { !x.indices.contains($0) }) {
      throw FigureError(
        .badData, "A picture is of cell \(stray), and the map has \(x.count) cells.")
    }
    let library: PlotlyScript
    if let plotly { library = plotly } else { library = try PlotlyScript.find() }
    try Report.write(page(library: try library.source()), to: url)
  }
}
