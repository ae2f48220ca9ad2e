import CellData
import CytoselfCommands
import CytoselfFigures
import CytoselfModel
import CytoselfTraining
import Foundation
import JobControl

extension ReconstructCommand: EngineWork {
  package func work() async throws {
    let command = self
    let figure = try await DedicatedThread.run(name: "cytoself") { try command.figure() }
    let files = try figure.write(to: URL(filePath: out).deletingLastPathComponent())
    for picture in files.pictures.values.map(\.path).sorted() { print(picture) }
  }

  /// Opens the model and the crops, and makes the figure.
  private func figure() throws -> Figure {
    let (trained, set) = try use.open(model: model, data: data)
    let known = trained.model.configuration.levels.indices.map { $0 + 1 }
    for level in level where known.count < 2 || !known.contains(level) {
      throw TrainingError.invalidValue(
        key: "--level", value: "\(level)",
        expected: known.count < 2
          ? "left out, since the model has one level" : "1 to \(known.count)")
    }
    let parts = try trained.knownParts(of: set)
    let heldOut = parts.map { parts in parts.indices.filter { parts[$0] == .test } } ?? []
    let rows = heldOut.isEmpty ? Array(0..<set.count) : heldOut
    let drawn = min(cells, rows.count)
    let chosen = (0..<drawn).map { rows[$0 * rows.count / drawn] }
    let names = chosen.map { set.labelColumn?[$0] ?? set.cell($0) }
    let url = URL(filePath: out)
    let name = Figure.fileName(
      for: url.pathExtension.isEmpty
        ? url.lastPathComponent : url.deletingPathExtension().lastPathComponent)
    if receptiveField {
      let fields = try ReceptiveField(trained, data: set, rows: chosen)
      return try ReceptiveFieldFigure(fields, channels: set.channelNames, names: names)
        .figure(named: name)
    }
    return try ReconstructionFigure(
      Reconstruction(trained, data: set, rows: chosen), channels: set.channelNames, names: names,
      levels: levels ? (level.isEmpty ? known : level) : []
    ).figure(named: name)
  }
}
