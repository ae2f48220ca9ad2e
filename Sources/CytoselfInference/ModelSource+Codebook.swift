public import CytoselfTraining
import CytoselfModel
import Foundation
import Torch
import TorchNN

/// The codes of one level of a model.
public struct Codebook: Sendable, Equatable {
  /// The level, from 1.
  public let level: Int
  /// The number of codes.
  public let codes: Int
  /// The numbers of a code.
  public let width: Int
  /// The vectors, [codes, width] in C order.
  public let vectors: [Float]
}

extension ModelSource {
  /// The codebook of a level; the model itself is not built.
  ///
  /// - Parameter level: from 1.
  /// - Throws: ``TrainingError/invalidValue(key:value:expected:)`` for a level that the model lacks or
  ///   that is not quantised; what reading the file throws.
  public func codebook(level: Int) throws -> Codebook {
    let count = likelyModel.levels.count
    guard likelyModel.isQuantized else {
      throw TrainingError.invalidValue(
        key: "--codebook", value: weights.path,
        expected: "a model with codebooks; this one quantises nothing")
    }
    guard (1...count).contains(level) else {
      throw TrainingError.invalidValue(
        key: "--level", value: "\(level)",
        expected: count == 1 ? "1, the only level of the model" : "1 to \(count)")
    }
    let name = count == 1 ? "vq_layer.codebook.weight" : "vq_layers.\(level - 1).codebook.weight"
    guard let tensor = try state()[name], tensor.shape.count == 2 else {
      throw TrainingError.notAModel(path: weights.path, reason: "it has no tensor \(name)")
    }
    return Codebook(
      level: level, codes: tensor.shape[0], width: tensor.shape[1],
      vectors: try tensor.to(elementType: .float32).floats())
  }
}
