import Testing
import Torch
import TorchNN
import TorchTestSupport

@Suite(.leavesNoTensor) struct StateTests {
  private func network() throws -> Sequential {
    let generator = try Generator(seed: 1)
    return Sequential([
      try Linear(inputs: 3, outputs: 4, initializer: .xavierNormal, generator: generator),
      ActivationLayer(.relu), Dropout(rate: 0.5),
      try Linear(inputs: 4, outputs: 1, initializer: .xavierNormal, generator: generator),
    ])
  }

  @Test func namesArePaths() throws {
    #expect(try network().stateDictionary.names == ["0.weight", "0.bias", "3.weight", "3.bias"])
    #expect(try network().parameterCount == 3 * 4 + 4 + 4 + 1)
  }

  @Test func mismatchesAreListedBeforeAnythingChanges() throws {
    let network = try network()
    var other = StateDictionary()
    other["0.weight"] = try Tensor.filled(with: 1, shape: [4, 3])
    other["0.bias"] = try Tensor.filled(with: 1, shape: [5])
    other["extra"] = try Tensor.filled(with: 1, shape: [1])
    let before = try network.stateDictionary["0.weight"]?.floats()
    let error = #expect(throws: StateMismatch.self) {
      try network.stateDictionary.copy(from: other)
    }
    #expect(error?.missing == ["3.weight", "3.bias"])
    #expect(error?.unexpected == ["extra"])
    #expect(error?.shapes == [.init(name: "0.bias", expected: [4], found: [5])])
    #expect(error?.description.contains("[4]        [5]") == true)
    #expect(try network.stateDictionary["0.weight"]?.floats() == before)
  }

  @Test func optimizerContinuesFromItsState() throws {
    let image = try Tensor([1, -1, 0.5], shape: [1, 3])
    func step(_ network: Sequential, _ optimizer: Adam) throws {
      try optimizer.forgetGradients()
      try network(image, .training(nil)).sum().backward()
      try optimizer.step()
    }
    let straight = try network()
    let straightOptimizer = try Adam(straight.namedParameters, options: .adamW(learningRate: 0.1))
    for _ in 0..<4 { try step(straight, straightOptimizer) }

    let first = try network()
    let firstOptimizer = try Adam(first.namedParameters, options: .adamW(learningRate: 0.1))
    for _ in 0..<2 { try step(first, firstOptimizer) }
    let second = try network()
    let secondOptimizer = try Adam(second.namedParameters, options: .adamW(learningRate: 0.1))
    try second.stateDictionary.copy(from: first.stateDictionary)
    try secondOptimizer.stateDictionary.copy(from: firstOptimizer.stateDictionary)
    for _ in 0..<2 { try step(second, secondOptimizer) }
    for (name, tensor) in straight.stateDictionary {
      #expect(try tensor.bytes() == second.stateDictionary[name]?.bytes(), "\(name)")
    }
  }

  @Test func clippingScalesToTheLimit() throws {
    let network = try network()
    let optimizer = try Adam(network.namedParameters, options: .adam(learningRate: 0.1))
    try network(Tensor([10, 20, 30], shape: [1, 3]), .evaluation).sum().backward()
    let norm = try optimizer.clipGradientNorm(to: 0.5)
    #expect(norm > 0.5)
    #expect(abs(try optimizer.gradientNorm() - 0.5) < 1e-4)
    #expect(abs(try optimizer.clipGradientNorm(to: 1) - 0.5) < 1e-4)
  }
}
