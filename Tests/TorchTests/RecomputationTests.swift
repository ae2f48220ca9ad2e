import Testing
import Torch
import TorchTestSupport

/// A map that the backward pass makes again is the map that the next layer was given, also after
/// operations in place.
@Suite(.leavesNoTensor, .enabled(if: Runtime.usesKernels)) struct RecomputationTests {
  /// The gradient of a convolution's weight, of a normalised map that `change` may write to before.
  private func gradient(
    _ change: (_ input: Tensor, _ map: Tensor) throws -> Void
  ) throws -> [Float] {
    let generator = try Generator(seed: 3)
    func normal(_ shape: [Int]) throws -> Tensor {
      let tensor = try Tensor.filled(with: 0, shape: shape)
      try generator.fillNormal(tensor, mean: 0, standardDeviation: 1)
      return tensor
    }
    let input = try normal([2, 16, 10, 10]).channelsLast()
    let scale = try normal([16])
    let weight = try normal([8, 16, 3, 3])
    for parameter in [scale, weight] { try parameter.setRequiresGradient(true) }
    let map = try input.batchNormalized(
      weight: scale, bias: nil, runningMean: .filled(with: 0, shape: [16]),
      runningVariance: .filled(with: 1, shape: [16]), training: true, momentum: 0.1, epsilon: 1e-3)
    try withoutGradients { try change(input, map) }
    try map.convolved(weight, padding: 1).squared().sum().backward()
    return try #require(try weight.gradient()).floats()
  }

  @Test func aMapThatWasWrittenToIsKept() throws {
    let plain = try gradient { _, _ in }
    // The gradient of the square's sum grows with the square of the map, exactly for a power of two.
    let doubled = try gradient { _, map in try map.scale(by: 2) }
    #expect(doubled == plain.map { 4 * $0 })
    let viewed = try gradient { _, map in try map.detached().scale(by: 2) }
    #expect(viewed == doubled)
  }

  /// Its own backward pass needs the input too, and libtorch says that it was written to.
  @Test func aMapWhoseInputWasWrittenToHasNoGradient() {
    #expect(throws: TorchError.self) { try gradient { input, _ in try input.fill(with: 5) } }
  }
}
