import CytoselfTraining
public import CellData
public import CytoselfModel
public import Torch
import TorchNN

/// What a model makes of some cells: the input, the output, and the output from single levels.
public struct Reconstruction: Sendable {
  /// Rows of the data set.
  public let rows: [Int]
  /// `[channel, height, width]` of each image.
  public let shape: [Int]
  /// The crops, one after the other.
  public let inputs: [Float]
  /// What the model makes of them.
  public let outputs: [Float]
  /// What it makes of them with every level but one zeroed: the level from 1, and the images.
  ///
  /// Empty for models of one level.
  public let singleLevels: [(level: Int, images: [Float])]

  /// Reconstructs some cells.
  ///
  /// - Throws: what reading crops and computing throw.
  public init(_ trained: TrainedModel, data: CellDataSet, rows: [Int]) throws {
    try self.init(trained.model, device: trained.device, data: data, rows: rows)
  }

  /// Reconstructs some cells with a model in memory, on the device where its weights are.
  ///
  /// - Throws: what reading crops and computing throw.
  public init(_ model: CytoselfModel, device: Device, data: CellDataSet, rows: [Int]) throws {
    self.rows = rows
    shape = data.cropShape
    var inputs: [Float] = []
    var outputs: [Float] = []
    let configuration = model.configuration
    let kind: ModelLayer.Kind = configuration.isQuantized ? .vqvec : .encoder
    let layers = configuration.levels.indices.map { ModelLayer(kind, level: $0) }
    var single = layers.count > 1 ? layers.map { ($0.level + 1, [Float]()) } : []
    let stream = BatchLoader(data, rows: rows, options: .init(batchSize: 16, threads: 1))
      .batches(epoch: 0)
    defer { stream.cancel() }
    try withoutGradients {
      while let batch = try stream.next() {
        let maps = try model.embed(Tensor.copy(of: batch).to(device), layers: layers)
        inputs += batch.images.floats
        outputs += try model.decode(maps, .evaluation).floats()
        for index in single.indices {
          let zeroed = try maps.enumerated().map { place, map in
            place == index
              ? map : try Tensor.filled(with: 0, shape: map.shape, device: map.device)
          }
          single[index].1 += try model.decode(zeroed, .evaluation).floats()
        }
      }
    }
    self.inputs = inputs
    self.outputs = outputs
    singleLevels = single
  }

  /// The pixels `[height, width]` of one channel of one image.
  public func plane(_ images: [Float], image: Int, channel: Int) -> [Float] {
    let area = shape[1] * shape[2]
    let start = (image * shape[0] + channel) * area
    return Array(images[start..<start + area])
  }
}
