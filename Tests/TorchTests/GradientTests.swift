import Testing
import Torch
import TorchTestSupport

@Suite(.leavesNoTensor) struct GradientTests {
  @Test func derivativeOfASquare() throws {
    let x = try Tensor([3, -1], shape: [2])
    try x.setRequiresGradient(true)
    try x.squared().sum().backward()
    #expect(try x.gradient()?.floats() == [6, -2])
    try x.setGradient(nil)
    #expect(try x.gradient() == nil)
  }

  @Test func recordingStopsInsideWithoutGradientsOnly() throws {
    let x = try Tensor([1], shape: [1])
    try x.setRequiresGradient(true)
    let inside = try withoutGradients { try x * 2 }
    #expect(!inside.requiresGradient)
    #expect(try (x * 2).requiresGradient)
    struct Stop: Error {}
    #expect(throws: Stop.self) { try withoutGradients { () throws(Stop) in throw Stop() } }
    #expect(try (x * 2).requiresGradient, "an error must restore the mode")
  }

  @Test func normIsThatOfOneVector() throws {
    let a = try Tensor([3], shape: [1])
    let b = try Tensor([0, 4], shape: [2])
    #expect(try Tensor.norm(of: [a, b]) == 5)
    #expect(try Tensor.norm(of: []) == 0)
  }

  /// Two steps of AdamW by the formula of the paper, in double precision.
  @Test(arguments: [true, false]) func adamFollowsItsFormula(decoupled: Bool) throws {
    let parameter = try Tensor([1, -2], shape: [2])
    let first = try Tensor.filled(with: 0, shape: [2])
    let second = try Tensor.filled(with: 0, shape: [2])
    let steps = try Tensor.filled(with: 0, shape: [])
    var expected = [1.0, -2.0]
    var mean = [0.0, 0.0]
    var square = [0.0, 0.0]
    for step in 1...2 {
      let raw = [0.5 * Double(step), -0.1]
      try Tensor.adamStep(
        parameters: [parameter], gradients: [Tensor(raw.map(Float.init), shape: [2])],
        firstMoments: [first], secondMoments: [second], steps: [steps], learningRate: 0.1,
        beta1: 0.9, beta2: 0.999, weightDecay: 0.01, epsilon: 1e-8, decoupled: decoupled)
      for i in 0..<2 {
        var g = raw[i]
        if decoupled { expected[i] *= 1 - 0.1 * 0.01 } else { g += 0.01 * expected[i] }
        mean[i] = 0.9 * mean[i] + 0.1 * g
        square[i] = 0.999 * square[i] + 0.001 * g * g
        var power1 = 1.0
        var power2 = 1.0
        for _ in 0..<step {
          power1 *= 0.9
          power2 *= 0.999
        }
        let root = (square[i] / (1 - power2)).squareRoot() + 1e-8
        expected[i] -= 0.1 * (mean[i] / (1 - power1)) / root
      }
    }
    for (value, wanted) in zip(try parameter.floats(), expected) {
      #expect(abs(Double(value) - wanted) < 1e-6)
    }
    #expect(try steps.item() == 2)
  }
}
