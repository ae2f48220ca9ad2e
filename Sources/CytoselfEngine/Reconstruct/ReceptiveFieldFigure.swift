import CytoselfFigures
import CytoselfInference
import CytoselfTraining
import JobControl
import Numerics

/// Receptive fields of codes, of each cell and on average, as one figure.
struct ReceptiveFieldFigure {
  private let field: ReceptiveField
  private let channels: [String]
  private let names: [String]

  /// - Parameters:
  ///   - channels: the names of the crops' channels.
  ///   - names: one per cell.
  init(_ field: ReceptiveField, channels: [String], names: [String]) {
    self.field = field
    self.channels = channels
    self.names = names
  }

  func figure(named name: String) throws(FigureError) -> Figure {
    let (height, width) = (field.shape[1], field.shape[2])
    let area = height * width
    func image(_ values: ArraySlice<Float>, _ note: String = "") -> ImagePanels.Image {
      .init(height: height, width: width, values: Array(values), note: note)
    }
    var rows: [[ImagePanels.Image?]] = field.rows.indices.map { cell in
      channels.indices.map { channel in
        image(field.inputs[((cell * channels.count + channel) * area)...].prefix(area))
      } + field.levels.map { image($0.fields[(cell * area)...].prefix(area)) }
    }
    rows.append(
      channels.map { _ in nil }
        + field.levels.map { level in
          image(level.mean[...], "half in ⌀ \(level.halfDiameter.shortText) px")
        })
    return try ImagePanels(
      rows: rows, rowTitles: names + ["mean"],
      columnTitles: channels.map { "input: \($0)" }
        + field.levels.map { "level \($0.level), \($0.side) × \($0.side)" },
      title: "Receptive field of the middle code of each level",
      range: .eachImage,
      columnScales: channels.map { _ in .gray } + field.levels.map { _ in .viridis },
      gapsAfterColumns: [channels.count - 1], imageWidth: 72,
      valueName: "derivative of the code by the pixel", showsScale: false
    ).figure(named: name)
  }
}
