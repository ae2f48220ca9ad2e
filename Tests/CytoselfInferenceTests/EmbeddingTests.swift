import ArrayFiles
import CellData
import CytoselfModel
import CytoselfInference
import CytoselfTraining
import Foundation
import Testing
import TorchTestSupport
import TrainingTestSupport

@Suite(.leavesNoTensor, .serialized) struct EmbeddingTests {
  let folder: TemporaryFolder
  let data: CellDataSet
  let run: RunDirectory
  init() throws {
    folder = try TemporaryFolder()
    let cells = folder.url.appending(path: "cells")
    try TinyCells.write(to: cells)
    run = RunDirectory(folder.url.appending(path: "run"))
    _ = try Trainer.start(
      try TinyCells.configuration(cells, ["training.epochs=1"]), run: run, command: ["test"]
    ).train()
    data = try CellDataSet(cells)
  }

  private func embed(
    _ name: String, _ options: (inout Embedder.Options) -> Void = { _ in }
  ) throws -> (folder: URL, manifest: EmbeddingManifest) {
    var settings = Embedder.Options()
    options(&settings)
    let trained = try TrainedModel(run.url)
    let out = folder.url.appending(path: name)
    let manifest = try Embedder(trained, data: data, options: settings).write(
      to: out, parts: try trained.knownParts(of: data))
    return (out, manifest)
  }

  @Test func everyLayerIsWritten() throws {
    let layers = [
      "encoder1", "encoder2", "vqvec1", "vqvec2", "vqind1", "vqind2", "vqindhist1", "vqindhist2",
    ]
    let (out, manifest) = try embed("all") { $0.layers = layers }
    let names = try FileManager.default.contentsOfDirectory(atPath: out.path).sorted()
    #expect(names == (layers.map { "\($0).npy" } + ["cells.csv", "manifest.json"]).sorted())
    #expect(manifest.layers.map(\.name) == layers)
    #expect(manifest.model.sha256.count == 64)
    let shapes = try layers.map { try NPYFile(out.appending(path: "\($0).npy")).shape }
    #expect(
      shapes == [
        [64, 4, 8, 8], [64, 8, 4, 4], [64, 4, 8, 8], [64, 8, 4, 4], [64, 1, 8, 8], [64, 1, 4, 4],
        [64, 16], [64, 16],
      ])
    #expect(manifest.layers.map(\.shape) == shapes)
    let codes = try NPYFile(out.appending(path: "vqind2.npy"))
    #expect(codes.elementType == .int32)
    let histogram = try NPYFile(out.appending(path: "vqindhist2.npy")).floats()
    let sum = histogram[..<16].reduce(0, +)
    #expect(sum > 0 && histogram.allSatisfy { $0 >= 0 })
  }

  @Test func batchSizeDoesNotMatter() throws {
    let one = try embed("one") { $0.batchSize = 5 }.folder.appending(path: "vqvec2.npy")
    let two = try embed("two") { $0.batchSize = 64 }.folder.appending(path: "vqvec2.npy")
    let (a, b) = (try NPYFile(one).floats(), try NPYFile(two).floats())
    #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func cellsAreNamedWithTheirPartOfTheSplit() throws {
    let out = try embed("cells").folder
    let table = try CSVTable(out.appending(path: "cells.csv"))
    #expect(
      table.header == [
        "cell", "ensg", "name", "loc_grade1", "loc_grade2", "loc_grade3", "protein_id", "FOV_id",
        "split", "source", "row",
      ])
    #expect(table.rowCount == 64)
    #expect(table[5, 0] == "Image_data00:5")
    let parts = try table.column("split").strings()
    #expect(Set(parts) == ["train", "val", "test"])
    #expect(parts.filter { $0 == "train" }.count == 48)
    #expect(try table.column("row").integers() == Array(0..<64))
  }

  @Test func otherDataHaveNoParts() throws {
    let other = folder.url.appending(path: "other")
    try TinyCells.write(to: other) { _, pixels in pixels[0] = 0.5 }
    #expect(try TrainedModel(run.url).knownParts(of: CellDataSet(other)) == nil)
  }

  /// The eight orientations of a turned crop are those of the crop, so their mean is the same.
  @Test func averagesDoNotDependOnHowTheCellLay() throws {
    let turned = folder.url.appending(path: "turned")
    try TinyCells.write(to: turned) { _, pixels in
      let (side, before) = (TinyCells.side, pixels)
      for row in 0..<side {
        for column in 0..<side {
          for channel in 0..<2 {
            pixels[(row * side + column) * 2 + channel] =
              before[(column * side + side - 1 - row) * 2 + channel]
          }
        }
      }
    }
    let layers = ["encoder1", "encoder2"]
    func values(_ data: CellDataSet, averages: Bool) throws -> [[Float]] {
      var options = Embedder.Options()
      options.layers = layers
      options.averagesFlips = averages
      let out = folder.url.appending(path: "\(data.url.lastPathComponent)-\(averages)")
      try Embedder(TrainedModel(run.url), data: data, options: options).write(to: out)
      return try layers.map { try NPYFile(out.appending(path: "\($0).npy")).floats() }
    }
    let other = try CellDataSet(turned)
    for (name, pair) in zip(
      layers, zip(try values(data, averages: true), try values(other, averages: true)))
    {
      let magnitude = pair.0.reduce(0) { max($0, abs($1)) }
      let error = zip(pair.0, pair.1).reduce(0) { max($0, abs($1.0 - $1.1)) } / magnitude
      #expect(error < 1e-5, "\(name)")
    }
    for pair in zip(try values(data, averages: false), try values(other, averages: false)) {
      let magnitude = pair.0.reduce(0) { max($0, abs($1)) }
      #expect(zip(pair.0, pair.1).contains { abs($0 - $1) > 0.01 * magnitude })
    }
    let manifest = try embed("averaged") { $0.averagesFlips = true }.manifest
    #expect(manifest.averageFlips)
  }

  @Test func codesAreNotAveraged() throws {
    let error = #expect(throws: TrainingError.self) {
      try embed("codes") {
        $0.layers = ["vqind1"]
        $0.averagesFlips = true
      }
    }
    #expect(error?.kind == .usage)
  }

  @Test func unknownLayerNamesTheLayers() throws {
    let error = #expect(throws: ModelError.self) { try embed("x") { $0.layers = ["vqvec3"] } }
    #expect(error?.description.contains("vqvec3") == true)
    #expect(error?.description.contains("vqindhist2") == true)
  }

  @Test func otherCropsAreRefused() throws {
    let one = try CellDataSet(
      folder.url.appending(path: "cells"), options: CellDataOptions(channels: ["pro"]))
    let error = #expect(throws: TrainingError.self) {
      try Embedder(TrainedModel(run.url), data: one, options: .init())
    }
    #expect(error?.description.contains("crops of [1, 32, 32] do not fit a model") == true)
  }

  @Test func whatIsNoModelIsRefused() throws {
    let missing = #expect(throws: TrainingError.self) {
      try TrainedModel(folder.url.appending(path: "nowhere"))
    }
    #expect(missing?.kind == .missingInput)
    let empty = #expect(throws: TrainingError.self) {
      try TrainedModel(folder.url.appending(path: "cells"))
    }
    #expect(empty?.description.contains("holds neither best.safetensors") == true)
    let plain = folder.url.appending(path: "plain.safetensors")
    try Safetensors.write([], to: plain)
    let nameless = #expect(throws: TrainingError.self) { try TrainedModel(plain) }
    #expect(nameless?.description.contains("neither 'encoders.0' nor 'encoder'") == true)
    let other = #expect(throws: ArrayFileError.self) {
      try TrainedModel(folder.url.appending(path: "cells/Label_data00.csv"))
    }
    #expect(other?.description.contains("is neither safetensors, nor a file of torch.save") == true)
  }
}
