import ArgumentParser
import CellData
import CellSimulation
import CytoselfCommands
import CytoselfModel
import CytoselfInference
import CytoselfTraining
import Foundation
import JobControl

/// `cytoself demo`: the whole way from simulated cells to a report, on any laptop.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Simulate cells, train, embed, and report how well proteins are distinguished.",
    discussion: """
      Everything lies in OUT: cells/ (simulated crops), run/ (the training), embeddings/, figures/, \
      report.html, map.html (an interactive map) and atlas/ (maps, pictures and neighbours of all cells to \
      walk in); all open without a network. It takes some minutes on two CPU cores.
      """)

  @Argument(help: "The folder to write.")
  var out = "report"

  @Option(help: "Passes over the training cells.")
  var epochs = 12

  @Option(help: "Cells of each field.")
  var cells = 12

  @Option(help: "The seed of the cells, the training and the map.")
  var seed: UInt64 = 0

  @Option(help: "Threads of one tensor operation; 0 uses all cores.")
  var threads = 0

  func validate() throws {
    try requireSettings(("training.epochs", epochs), ("training.threads", threads))
    guard cells >= 1 else { throw ValidationError("--cells is \(cells), but should be 1 or more.") }
  }

  func run() async throws {
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
    var configuration = Preset.standard.configuration
    configuration.data.path = paths.cells.path
    configuration.training.epochs = epochs
    configuration.training.seed = seed
    configuration.training.threads = threads
    let run = RunDirectory(paths.run)
    let resumes = CheckpointFolder(run.checkpoints).newest != nil
    let result = try await TrainingSession.run(configuration, in: run, resumes: resumes)

    TrainingSession.say("3/4 Embedding")
    let layers = ["features", "vqindhist1"]
    try await DedicatedThread.run(name: "cytoself embedding") {
      let trained = try TrainedModel(run.url)
      let section = trained.dataSection(path: paths.cells.path)
      let set = try CellDataSet(paths.cells, options: section.options)
      var options = Embedder.Options()
      options.layers = layers
      try Embedder(trained, data: set, options: options).write(
        to: paths.embeddings, parts: try trained.knownParts(of: set))
    }

    TrainingSession.say("4/4 Classifying the cells of held-out fields, and drawing")
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    try DemoReport(
      paths, simulated: simulated, result: result, seconds: seconds, seed: seed, epochs: epochs,
      threads: threads
    ).write()
    print("Report: \(paths.report.path)")
    print("Atlas: \(paths.atlas.appending(path: "index.html").path)")
  }
}
