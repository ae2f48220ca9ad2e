import CytoselfFigures
import CytoselfInference
import CytoselfTraining
import JobControl
import Numerics

/// Input, output and difference of some cells, channel by channel, as one figure.
struct ReconstructionFigure {
  private let reconstruction: Reconstruction
  private let channels: [String]
  private let names: [String]
  private let levels: [Int]

  /// - Parameters:
  ///   - names: one per cell.
  ///   - levels: the levels, from 1, from which alone the output is added, the others zeroed.
  init(
    _ reconstruction: Reconstruction, channels: [String], names: [String], levels: [Int] = []
  ) {
    self.reconstruction = reconstruction
    self.channels = channels
    self.names = names
    self.levels = levels
  }

  func figure(named name: String) throws(FigureError) -> Figure {
    let levels = reconstruction.singleLevels.filter { self.levels.contains($0.level) }
    let perChannel = 3 + levels.count
    let titles = channels.flatMap { channel in
      ["\(channel): input", "output", "difference"] + levels.map { "level \($0.level) alone" }
    }
    var rows: [[ImagePanels.Image?]] = []
    for image in reconstruction.rows.indices {
      rows.append(channels.indices.flatMap { panels(image, channel: $0, levels) })
    }
    let scales: [ColorScale] = channels.flatMap { _ in
      [.gray, .gray, .diverging] + levels.map { _ in ColorScale.gray }
    }
    return try ImagePanels(
      rows: rows, rowTitles: names, columnTitles: titles, title: "Reconstruction of held-out cells",
      range: .eachRow, columnScales: scales,
      gapsAfterColumns: Set((1..<max(2, channels.count)).map { $0 * perChannel - 1 })
    ).figure(named: name)
  }

  private func panels(
    _ image: Int, channel: Int, _ levels: [(level: Int, images: [Float])]
  ) -> [ImagePanels.Image?] {
    let input = reconstruction.plane(reconstruction.inputs, image: image, channel: channel)
    let output = reconstruction.plane(reconstruction.outputs, image: image, channel: channel)
    let difference = zip(output, input).map { $0 - $1 }
    let error = difference.reduce(0) { $0 + $1 * $1 } / Float(difference.count)
    func panel(_ values: [Float], _ note: String = "") -> ImagePanels.Image {
      .init(
        height: reconstruction.shape[1], width: reconstruction.shape[2], values: values, note: note)
    }
    return [
      panel(input), panel(output), panel(difference, "MSE \(error.shortText)"),
    ]
      + levels.map {
        panel(reconstruction.plane($0.images, image: image, channel: channel))
      }
  }
}
