import CytoselfTraining
public import CellData
import CytoselfModel
import Torch

/// What the codes in the middle of each level see of some cells.
public struct ReceptiveField: Sendable {
  /// What the code at one position of a level sees.
  public struct Level: Sendable {
    /// The level, from 1.
    public let level: Int
    /// Rows and columns of the level's map.
    public let side: Int
    /// The row and column of the code, from 0: the middle of the map.
    public let position: Int
    /// The side in pixels of the square that convolutions alone reach.
    public let convolutionReach: Int
    /// The magnitude of the derivative of the code by the pixels of each cell, `[cells, height, width]`.
    public let fields: [Float]
    /// The mean over cells of their fields, each with the sum 1, `[height, width]`.
    public let mean: [Float]
    /// The diameter in pixels of the circle about the code's place that holds half of `mean`.
    public let halfDiameter: Double
  }

  /// Rows of the data set.
  public let rows: [Int]
  /// `[channel, height, width]` of each crop.
  public let shape: [Int]
  /// The crops, one after the other.
  public let inputs: [Float]
  /// What each level sees.
  public let levels: [Level]

  /// Measures the receptive fields on some cells.
  ///
  /// - Parameters:
  ///   - trained: the model.
  ///   - data: the crops.
  ///   - rows: the cells, rows of the data set.
  /// - Throws: what reading crops and computing throw.
  public init(_ trained: TrainedModel, data: CellDataSet, rows: [Int]) throws {
    self.rows = rows
    shape = data.cropShape
    let model = trained.model
    let sizes = model.configuration.levelSizes
    var inputs: [Float] = []
    var fields = sizes.map { _ in [Float]() }
    let stream = BatchLoader(data, rows: rows, options: .init(batchSize: 4, threads: 1))
      .batches(epoch: 0)
    defer { stream.cancel() }
    while let batch = try stream.next() {
      inputs += batch.images.floats
      let images = try Tensor.copy(of: batch).to(trained.device)
      for (level, size) in sizes.enumerated() {
        fields[level] += try model.receptiveField(
          of: images, level: level, row: size / 2, column: size / 2
        ).floats()
      }
    }
    self.inputs = inputs
    let (height, width) = (shape[1], shape[2])
    levels = sizes.enumerated().map { level, size in
      var mean = [Float](repeating: 0, count: height * width)
      for start in stride(from: 0, to: fields[level].count, by: mean.count) {
        let field = fields[level][start..<start + mean.count]
        let total = field.reduce(0, +) * Float(rows.count)
        guard total > 0 else { continue }
        for (index, value) in zip(mean.indices, field) { mean[index] += value / total }
      }
      let middle = (Double(size / 2) + 0.5) / Double(size)
      return Level(
        level: level + 1, side: size, position: size / 2,
        convolutionReach: model.configuration.convolutionReach(level), fields: fields[level],
        mean: mean,
        halfDiameter: Self.halfDiameter(
          mean, width: width,
          center: (middle * Double(height) - 0.5, middle * Double(width) - 0.5)))
    }
  }

  /// The diameter of the circle about a place, in pixels, that holds half of the sum of an image.
  static func halfDiameter(
    _ image: [Float], width: Int, center: (row: Double, column: Double)
  ) -> Double {
    let total = image.reduce(0) { $0 + Double($1) }
    let pixels = image.indices.map { index in
      let row = Double(index / width) - center.row
      let column = Double(index % width) - center.column
      return (distance: (row * row + column * column).squareRoot(), value: Double(image[index]))
    }.sorted { $0.distance < $1.distance }
    var sum = 0.0
    for pixel in pixels {
      sum += pixel.value
      if sum >= total / 2 { return 2 * pixel.distance }
    }
    return 2 * (pixels.last?.distance ?? 0)
  }
}
