import CytoselfCommands
import Torch
import Numerics

/// What the benchmarks of a model measure with, beside `Measurement`.
enum ModelMeasurement {
  /// The rate of float32 matrix products of this machine, in billions of operations per second:
  /// the median of nine products of 1536 x 1536.
  static func matrixProductRate() throws -> Double {
    let side = 1536
    let a = try Tensor.filled(with: 0.5, shape: [side, side])
    _ = try a.matrixProduct(a)
    let times = try Measurement.seconds(runs: 9) { _ in _ = try a.matrixProduct(a) }
    return 2 * Double(side * side * side) / Median.of(times) / 1e9
  }

  /// Random images, uniform between 0 and 1.
  static func images(_ shape: [Int], seed: UInt64, device: Device) throws -> Tensor {
    let images = try Tensor.filled(with: 0, shape: shape)
    try Generator(seed: seed).fillUniform(images, from: 0, to: 1)
    return try images.to(device)
  }
}
