public import Torch
import TorchNN

extension CytoselfModel {
  /// Runs encoders and quantisers as deep as the named layers need.
  ///
  /// - Parameters:
  ///   - images: `[batch, channel, height, width]`, float32.
  ///   - layers: What to return, in this order.
  /// - Returns: One tensor for each layer; codes are int64.
  /// - Throws: ``ModelError`` for a layer this model lacks, another shape, or images of which a map is
  ///   not finite; `TorchError`.
  public func embed(_ images: Tensor, layers: [ModelLayer]) throws -> [Tensor] {
    try checkShape(images)
    for layer in layers { try configuration.check(layer) }
    return try withoutGradients {
      var found: [ModelLayer: Tensor] = [:]
      var x = try arranged(images)
      let needsFeatures = layers.contains { $0.kind == .features }
      var stages: [Tensor]? = needsFeatures ? [] : nil
      for index in 0...(layers.map(\.level).max() ?? 0) {
        x = try encode(x, level: index, .evaluation, collecting: &stages)
        try requireFinite(x, level: index)
        found[ModelLayer(.encoder, level: index)] = x
        let needsCodes = layers.contains {
          $0.level == index && [.vqvec, .vqind, .vqindhist].contains($0.kind)
        }
        if needsCodes || needsFeatures && index == 0 && configuration.isQuantized {
          let (vectors, codes, histogram) = try quantizers[index].encode(x)
          found[ModelLayer(.vqvec, level: index)] = vectors
          found[ModelLayer(.vqind, level: index)] = codes
          found[ModelLayer(.vqindhist, level: index)] = histogram
        }
      }
      if let pooling, let stages {
        found[configuration.defaultEmbeddingLayer] = try features(
          pooling(stages, .evaluation), counts: found[ModelLayer(.vqindhist, level: 0)])
      }
      return layers.compactMap { found[$0] }
    }
  }

  /// Checks a map before it is quantised: the nearest code of NaN would be the first one.
  private func requireFinite(_ map: Tensor, level: Int) throws {
    guard try !map.allFinite() else { return }
    let sums = try (map * 0).sum(1, 2, 3).floats()
    throw ModelError.notFinite(
      layer: configuration.name(of: ModelLayer(.encoder, level: level)),
      image: sums.firstIndex { $0 != 0 } ?? 0)
  }

  /// What the classifier reads, and behind it the share of each code of the first level.
  private func features(_ learned: Tensor, counts: Tensor?) throws(TorchError) -> Tensor {
    guard let counts else { return learned }
    return try .concatenated([learned, counts / counts.sum(1, keepingAxes: true)], axis: 1)
  }
}
