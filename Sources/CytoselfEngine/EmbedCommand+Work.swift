import CellData
import CytoselfCommands
import CytoselfTraining
import Foundation
import JobControl

extension EmbedCommand: EngineWork {
  package func work() async throws {
    var options = Embedder.Options()
    options.layers = layers
    options.averagesFlips = averageFlips
    options.batchSize = use.batchSize
    options.loaderThreads = use.loaderThreads
    let (model, data, out, use) = (model, data, out, use)
    let manifest = try await DedicatedThread.run(name: "cytoself embedding") { [options] in
      let (trained, set) = try use.open(model: model, data: data)
      let embedder = try Embedder(trained, data: set, options: options)
      return try embedder.write(
        to: URL(filePath: out, directoryHint: .isDirectory),
        parts: try trained.knownParts(of: set))
    }
    for layer in manifest.layers {
      let shape = layer.shape.map(String.init).joined(separator: " x ")
      print("\(out)/\(layer.file)  \(layer.type)  \(shape)")
    }
    print("\(out)/cells.csv  \(manifest.cells) cells")
  }
}
