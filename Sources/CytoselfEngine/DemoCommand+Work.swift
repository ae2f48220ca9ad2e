import CellData
import CellSimulation
import CytoselfCommands
import CytoselfTraining
import Foundation
import JobControl

extension DemoCommand: EngineWork {
  package func work() async throws {
    let start = DispatchTime.now().uptimeNanoseconds
    let folder = URL(filePath: out, directoryHint: .isDirectory)
    let paths = DemoPaths(folder)
    guard !FileManager.default.fileExists(atPath: paths.report.path) else {
      throw TrainingError.runExists(folder.path)
    }

    TrainingSession.say("1/4 Simulating cells")
    var settings = SimulationSettings()
    settings.cells = cells
    settings.seed = seed
    let simulated = try SimulatedDataset(settings, layout: .released)
    if !FileManager.default.fileExists(atPath: paths.cells.path) {
      try simulated.write(to: paths.cells)
    }

    TrainingSession.say("2/4 Training")
    var configuration = Preset.small.configuration
    configuration.data.path = paths.cells.path
    configuration.training.epochs = epochs
    configuration.training.seed = seed
    configuration.training.threads = threads
    let run = RunDirectory(paths.run)
    let resumes = CheckpointFolder(run.checkpoints).newest != nil
    let result = try await TrainingSession.run(
      TrainingJob(configuration, run: run, resumes: resumes))

    TrainingSession.say("3/4 Embedding")
    let layers = ["vqvec2", "vqindhist1"]
    try await DedicatedThread.run(name: "cytoself embedding") {
      let trained = try TrainedModel(run.url)
      let section = trained.dataSection(path: paths.cells.path)
      let set = try CellDataSet(paths.cells, options: section.options)
      var options = Embedder.Options()
      options.layers = layers
      try Embedder(trained, data: set, options: options).write(
        to: paths.embeddings, parts: try trained.knownParts(of: set))
    }

    TrainingSession.say("4/4 Telling proteins apart on held-out fields, and drawing")
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    try DemoReport(
      paths, simulated: simulated, result: result, seconds: seconds, seed: seed
    ).write()
    print("Report: \(paths.report.path)")
  }
}

/// Where the demo puts things.
struct DemoPaths: Sendable {
  let folder: URL
  init(_ folder: URL) { self.folder = folder }
  var cells: URL { folder.appending(path: "cells", directoryHint: .isDirectory) }
  var run: URL { folder.appending(path: "run", directoryHint: .isDirectory) }
  var embeddings: URL { folder.appending(path: "embeddings", directoryHint: .isDirectory) }
  var figures: URL { folder.appending(path: "figures", directoryHint: .isDirectory) }
  var report: URL { folder.appending(path: "report.html") }
  var page: URL { folder.appending(path: "map.html") }
}
