import ArrayFiles
import Foundation
import Torch

/// What computation takes for granted about the numbers of a weight file or a checkpoint, checked once,
/// where they are read.
///
/// One NaN in a weight makes every feature NaN, and the nearest code of NaN is the first one: a run
/// would end well with the same code everywhere.
enum SoundNumbers {
  /// Ends of names of numbers that are never below zero: variances, mean squares and counts.
  private static let notNegative = [
    "running_var", "num_batches_tracked", "ema_count", "ema_steps", "exp_avg_sq", "step",
  ]

  /// Checks a tensor as it was read.
  ///
  /// - Throws: `ArrayFileError` of kind `badData` naming it; `TorchError` when memory is short.
  static func require(_ tensor: Tensor, named name: String, in url: URL) throws {
    guard tensor.count > 0 else { return }
    // As it will be computed with: a large float64 is infinite then.
    let values = try tensor.to(elementType: .float32)
    func bad(_ problem: String) -> ArrayFileError {
      ArrayFileError(
        .badData, url, place: "tensor '\(name.prefix(200))'", problem: problem,
        advice: "Use other weights, such as those of an earlier checkpoint")
    }
    guard try values.allFinite() else {
      let count = try values.floats().count { !$0.isFinite }
      throw bad(
        "\(count) of its \(tensor.count) numbers \(count == 1 ? "is" : "are") NaN or infinite, with"
          + " which nothing can be computed")
    }
    let last = name.split(separator: ".").last.map(String.init) ?? name
    guard notNegative.contains(last), try values.minimum().item() < 0 else { return }
    throw bad("holds numbers below 0, where only 0 or more makes sense")
  }
}

extension Tensor {
  /// Whether no number is NaN or infinite: 0 times any other is 0.
  func allFinite() throws(TorchError) -> Bool { try (self * 0).sum().item() == 0 }
}
