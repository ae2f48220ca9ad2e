import CytoselfTraining
import ArrayFiles
public import CellData
import CytoselfModel
public import Foundation
import JobControl
import Torch

/// Writes the embeddings of cells, layer by layer, batch by batch.
///
/// Whatever the number of cells, memory holds a few batches. The folder gets `<layer>.npy` in the
/// order of the cells, `cells.csv` and `manifest.json`, under their names only when all are whole.
public struct Embedder {
  /// How to embed.
  public struct Options: Sendable, Equatable {
    /// The layers by name; empty takes the model's `defaultEmbeddingLayer`.
    public var layers: [String] = []
    /// Whether each value is the mean over the eight flips and rotations of the crop.
    ///
    /// Maps are averaged place by place without turning them back, so the result does not depend on
    /// how the cell lay under the microscope.
    public var averagesFlips = false
    /// Cells per batch.
    public var batchSize = 32
    /// Threads that read crops ahead.
    public var loaderThreads = 2

    /// The defaults.
    public init() {}
  }

  private let trained: TrainedModel
  private let data: CellDataSet
  private let options: Options
  private let layers: [ModelLayer]

  /// Checks that the layers exist and the crops fit the model.
  ///
  /// - Throws: ``TrainingError`` and `ModelError`.
  public init(_ trained: TrainedModel, data: CellDataSet, options: Options) throws {
    self.trained = trained
    self.data = data
    self.options = options
    let configuration = trained.description.model
    let usual = configuration.name(of: configuration.defaultEmbeddingLayer)
    let names = options.layers.isEmpty ? [usual] : options.layers
    var layers: [ModelLayer] = []
    for name in names {
      let layer = try configuration.embeddingLayer(named: name)
      if !layers.contains(layer) { layers.append(layer) }
    }
    self.layers = layers
    if options.averagesFlips, layers.contains(where: { $0.kind == .vqind }) {
      throw TrainingError.invalidValue(
        key: "--average-flips", value: "given with a vqind layer",
        expected: "used with other layers: the mean of code numbers means nothing (vqindhist is the"
          + " mean over codes)")
    }
    try trained.requireFit(data)
  }

  /// Embeds every cell into a folder.
  ///
  /// - Parameters:
  ///   - folder: made if it is not there.
  ///   - parts: the part of the split of each row, where it is known.
  /// - Returns: the manifest.
  /// - Throws: what reading, computing and writing throw.
  @discardableResult
  public func write(to folder: URL, parts: [Split.Part?]? = nil) throws -> EmbeddingManifest {
    let staging = try StagedFolder(inside: folder, as: "embedding")
    do {
      let (manifest, files) = try write(into: staging.url, parts: parts)
      try staging.publish(files: files)
      return manifest
    } catch {
      staging.discard()
      throw error
    }
  }

  /// Writes all files, so that none replaces an older one of its name before all are whole.
  private func write(
    into folder: URL, parts: [Split.Part?]?
  ) throws -> (EmbeddingManifest, files: [String]) {
    let configuration = trained.description.model
    let names = layers.map { configuration.name(of: $0) }
    let writers = try zip(layers, names).map { layer, name in
      try NPYWriter(
        folder.appending(path: "\(name).npy"),
        elementType: layer.kind == .vqind ? .int32 : .float32,
        itemShape: configuration.itemShape(of: layer))
    }
    let orientations: [BatchLoader.Augmentation] =
      options.averagesFlips ? Orientation.allCases.map { .fixed($0) } : [.none]
    let streams = orientations.map { augmentation in
      BatchLoader(
        data, rows: Array(0..<data.count),
        options: .init(
          batchSize: options.batchSize, augmentation: augmentation,
          threads: options.averagesFlips ? 1 : options.loaderThreads,
          prefetch: options.averagesFlips ? 1 : 4)
      ).batches(epoch: 0)
    }
    defer { for stream in streams { stream.cancel() } }
    let progress = ProgressLine("embed", total: data.count)
    defer { progress.finish() }
    try withoutGradients {
      while let first = try streams[0].next() {
        var values = try embed(first)
        for stream in streams.dropFirst() {
          guard let batch = try stream.next() else { break }
          values = try zip(values, embed(batch)).map { try $0 + $1 }
        }
        for (index, writer) in writers.enumerated() {
          if layers[index].kind == .vqind {
            try writer.append(values[index].int64s().map(Int32.init))
          } else {
            let mean =
              streams.count == 1 ? values[index] : try values[index] / Double(streams.count)
            try writer.append(mean.floats())
          }
        }
        progress.advance(by: first.count)
      }
    }
    try CellTable(data, parts: parts).write(to: folder.appending(path: "cells.csv"))
    for writer in writers { try writer.finish() }
    let manifest = try EmbeddingManifest(
      trained, data: data, options: options,
      layers: zip(layers, names).map { layer, name in
        .init(
          name: name, file: "\(name).npy",
          type: (layer.kind == .vqind ? ElementType.int32 : .float32).rawValue,
          shape: [data.count] + configuration.itemShape(of: layer))
      })
    try Folder.write(JSON.encode(manifest), to: folder.appending(path: "manifest.json"))
    return (manifest, names.map { "\($0).npy" } + ["cells.csv", "manifest.json"])
  }

  private func embed(_ batch: Batch) throws -> [Tensor] {
    do {
      return try trained.model.embed(Tensor.copy(of: batch).to(trained.device), layers: layers)
    } catch ModelError.notFinite(let layer, let image) {
      throw TrainingError.doesNotFit(
        "\(data.url.path): cell \(data.cell(batch.rows[image])) (row \(batch.rows[image])): \(layer) of"
          + " \(trained.weights.path) has NaN or infinite numbers. The pixels or the weights are too large"
          + " to be computed with; look at the data with `cytoself inspect`.")
    }
  }
}
