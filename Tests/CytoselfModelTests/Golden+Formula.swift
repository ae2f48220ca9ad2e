import ArrayFiles
import Foundation
import Torch

/// The weights of the small Keras models, most of which a formula gives, since the repository holds no
/// weights.
///
/// `tools/reference/keras_formula.py` has the same formula and describes it. The fixtures hold the
/// names and shapes of all weights as upstream's Keras saves them, and as `vectors.npy` those that
/// were fitted to the images: codebooks, and what normalisations have.
struct FormulaWeights {
  private struct Layer: Decodable {
    struct Weight: Decodable {
      let name: String
      let shape: [Int]
    }
    let name: String
    let weights: [Weight]
  }

  /// The Keras file that upstream would have saved.
  static func file(_ folder: URL) throws -> KerasWeights {
    let layers = try JSONDecoder().decode(
      [Layer].self, from: Data(contentsOf: folder.appending(path: "weights.json")))
    let kept = try NPYFile(folder.appending(path: "vectors.npy")).floats()
    var (tensor, place) = (0, 0)
    var buffers: [UnsafeMutableBufferPointer<Float>] = []
    defer { for buffer in buffers { buffer.deallocate() } }
    let sources = layers.map { layer -> KerasWeights.LayerSource in
      let weights = layer.weights.map { weight -> Safetensors.Source in
        let count = weight.shape.reduce(1, *)
        let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
        buffers.append(buffer)
        if isKept(weight.name) {
          _ = buffer.initialize(from: kept[place..<place + count])
          place += count
        } else {
          _ = buffer.initialize(from: values(tensor, weight.name, weight.shape))
        }
        tensor += 1
        return (weight.name, .float32, weight.shape, UnsafeRawBufferPointer(buffer))
      }
      return (layer.name, weights)
    }
    precondition(place == kept.count, "The vectors are those of the weights that are listed.")
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).h5")
    defer { try? FileManager.default.removeItem(at: url) }
    try KerasWeights.write(sources, to: url)
    return try KerasWeights(url)
  }

  /// Images with channels last, as Keras has them.
  static func images(shape: [Int]) throws -> Tensor {
    let count = shape.reduce(1, *)
    return try Tensor(
      integers(tensor: 1 << 20, count: count).map { Float($0) / 16_777_216 }, shape: shape)
  }

  private static func isKept(_ name: String) -> Bool {
    let name = name.prefix { $0 != ":" }
    return ["gamma", "beta", "moving_mean", "moving_variance", "embedding_vq"].contains {
      name.hasSuffix($0)
    }
  }

  private static func values(_ tensor: Int, _ name: String, _ shape: [Int]) -> [Float] {
    let inputs = name.contains("depthwise") ? shape.prefix(2) : shape.dropLast()
    let limit: Float =
      name.prefix { $0 != ":" }.hasSuffix("bias")
      ? 0.3 : Float((6 / Double(inputs.reduce(1, *))).squareRoot())
    return integers(tensor: tensor, count: shape.reduce(1, *)).map {
      limit * (Float($0 - 8_388_608) / 8_388_608)
    }
  }

  /// Numbers of 24 bits.
  private static func integers(tensor: Int, count: Int) -> [Int] {
    (0..<UInt64(count)).map { element in
      var z = (UInt64(tensor) << 32 + element) &+ 0x9E37_79B9_7F4A_7C15
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((z ^ (z >> 31)) >> 40)
    }
  }
}
