import CytoselfModel
import Testing
import Torch
import TorchNN

extension Golden {
  /// The names of all levels' layers of a kind.
  func names(_ kind: ModelLayer.Kind) -> [String] {
    configuration.levels.indices.map {
      configuration.name(of: ModelLayer(kind, level: $0))
    }
  }

  /// What the model makes of the golden images at the layers of a kind, level by level.
  func embeddings(_ kind: ModelLayer.Kind) throws -> [(name: String, tensor: Tensor)] {
    let layers = configuration.levels.indices.map { ModelLayer(kind, level: $0) }
    return Array(zip(names(kind), try model().embed(tensor("image"), layers: layers)))
  }

  private func codebook(level: Int) throws -> [Double] {
    let name = configuration.levels.count == 1 ? "vq_layer" : "vq_layers.\(level)"
    return try #require(try state()["\(name).codebook.weight"]).floats().map(Double.init)
  }

  /// The rows of the codebook that codes name, as a map `[batch, channel, height, width]`.
  func vectors(level: Int, codes: Tensor) throws -> [Float] {
    let (shape, codebook) = (codes.shape, try codebook(level: level))
    let width = configuration.levels[level].codeWidth
    let area = shape[2] * shape[3]
    var map = [Float](repeating: 0, count: codes.count * width)
    for (place, code) in try codes.int64s().enumerated() {
      let (slice, position) = (place / area, place % area)
      for element in 0..<width {
        map[(slice * width + element) * area + position] = Float(
          codebook[Int(code) * width + element])
      }
    }
    return map
  }

  /// For every position whose code is not upstream's: how much the exact distances to the two codes
  /// differ, in units of the rounding of float32.
  ///
  /// Measured from upstream's own encoder map, or from ours where upstream's was not kept.
  func ties(level: Int, codes: Tensor, layer: String) throws -> [Double] {
    let expected = try floats(layer).values.map(Int.init)
    let encoder = names(.encoder)[level]
    let map =
      try has(encoder) ? floats(encoder).values : embeddings(.encoder)[level].tensor.floats()
    let codebook = try codebook(level: level)
    let width = configuration.levels[level].codeWidth
    let area = codes.shape[2] * codes.shape[3]
    var ties: [Double] = []
    for (place, code) in try codes.int64s().map(Int.init).enumerated() where code != expected[place]
    {
      var (difference, length) = (0.0, 0.0)
      for element in 0..<width {
        let value = Double(map[(place / area * width + element) * area + place % area])
        let (ours, theirs) = (
          codebook[code * width + element], codebook[expected[place] * width + element]
        )
        difference += (value - ours) * (value - ours) - (value - theirs) * (value - theirs)
        length += value * value + ours * ours
      }
      ties.append(abs(difference) / (length * Double(Float.ulpOfOne)))
    }
    return ties
  }
}
