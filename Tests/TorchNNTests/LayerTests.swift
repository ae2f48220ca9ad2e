import Testing
import Torch
import TorchNN
import TorchTestSupport

@Suite(.leavesNoTensor) struct LayerTests {
  /// TensorFlow's `SAME` puts the odd zero at the end, PyTorch's symmetric padding at both.
  @Test(arguments: [(100, 3, 2), (25, 5, 2), (13, 5, 2), (25, 3, 1), (7, 5, 1)])
  func bothPaddingsHalveRoundingUp(size: Int, kernel: Int, stride: Int) throws {
    for padding in [Padding.symmetric, .same] {
      let layer = try Convolution(
        inputs: 1, outputs: 1, kernel: kernel, stride: stride, padding: padding,
        initializer: .uniform(limit: 1), generator: Generator(seed: 1))
      let output = try layer(Tensor.filled(with: 1, shape: [1, 1, size, size]), .evaluation)
      let expected = (size + stride - 1) / stride
      #expect(output.shape == [1, 1, expected, expected])
    }
  }

  @Test func workIsThatOfTheDirectConvolution() throws {
    let layer = try Convolution(
      inputs: 4, outputs: 6, kernel: 3, stride: 2, groups: 2, initializer: .xavierNormal,
      generator: Generator(seed: 1))
    var context = ForwardContext.evaluation
    let work = WorkCounter()
    context.work = work
    _ = try layer(Tensor.filled(with: 0, shape: [5, 4, 8, 8]), context)
    #expect(work.multiplyAdds == Double(5 * 6 * 4 * 4 * 9 * 2))
  }

  @Test func samePaddingStartsLater() throws {
    let layer = try Convolution(
      inputs: 1, outputs: 1, kernel: 3, stride: 2, padding: .same,
      initializer: .uniform(limit: 0), generator: Generator(seed: 1))
    try withoutGradients { try layer.weight.fill(with: 1) }
    let image = try Tensor((0..<16).map(Float.init), shape: [1, 1, 4, 4])
    // With an even side the window of the first output starts on the first pixel.
    #expect(try layer(image, .evaluation).floats() == [45, 39, 66, 50])
  }

  @Test func batchNormFollowsItsFormula() throws {
    let layer = try BatchNormalization(channels: 1, isAffine: true)
    let input = try Tensor([1, 2, 3, 6], shape: [2, 1, 1, 2])
    let output = try layer(input, .training(nil)).floats()
    let scale = 1 / (3.5 + 1e-5).squareRoot()
    for (value, x) in zip(output, [1.0, 2, 3, 6]) {
      #expect(abs(Double(value) - (x - 3) * scale) < 1e-5)
    }
    let state = layer.stateDictionary
    #expect(
      state.names == ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"])
    #expect(abs((try state["running_mean"]?.item() ?? 0) - 0.3) < 1e-6)
    // The running variance is the unbiased one: 0.9 + 0.1 * 14 / 3.
    #expect(abs((try state["running_var"]?.item() ?? 0) - (0.9 + 1.4 / 3)) < 1e-5)
    #expect(try state["num_batches_tracked"]?.item() == 1)
  }

  @Test func dropoutKeepsTheExpectationAndOnlyInTraining() throws {
    let layer = Dropout(rate: 0.25)
    let ones = try Tensor.filled(with: 1, shape: [100, 100])
    let generator = try Generator(seed: 1)
    #expect(abs(try layer(ones, .training(generator)).mean().item() - 1) < 0.02)
    #expect(try layer(ones, .training(nil)).mean().item() == 1)
    #expect(try layer(ones, .evaluation).mean().item() == 1)
  }

  @Test func initializersHaveTheirVariance() throws {
    let generator = try Generator(seed: 2)
    func variance(_ initializer: Initializer) throws -> Double {
      try initializer.tensor([64, 32, 3, 3], generator).squared().mean().item()
    }
    #expect(abs(try variance(.kaimingNormalFanOut) * (64 * 9) / 2 - 1) < 0.05)
    #expect(abs(try variance(.xavierNormal) * (96 * 9) / 2 - 1) < 0.05)
    #expect(abs(try variance(.xavierUniform) * (96 * 9) / 2 - 1) < 0.05)
    #expect(abs(try variance(.uniform(limit: 3)) / 3 - 1) < 0.05)
  }
}
