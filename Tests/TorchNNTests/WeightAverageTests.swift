import Testing
import Torch
import TorchNN
import TorchTestSupport

@Suite(.leavesNoTensor) struct WeightAverageTests {
  private func network() throws -> (StateDictionary, Tensor, Tensor) {
    let weight = try Tensor([1, 2], shape: [2])
    let count = try Tensor(integers: [0], shape: [1])
    var state = StateDictionary()
    state["weight"] = weight
    state["count"] = count
    return (state, weight, count)
  }

  @Test func followsTheFormula() throws {
    let (state, weight, count) = try network()
    let average = try WeightAverage(state)
    var expected: [Float] = [1, 2]
    for step in 0..<5 {
      let values: [Float] = [Float(step), 10 - Float(step)]
      try weight.copy(from: Tensor(values, shape: [2]))
      try count.copy(from: Tensor(integers: [Int64(step)], shape: [1]))
      try average.update(decay: 0.3)
      let kept = min(0.3, Float(1 + step) / Float(10 + step))
      expected = zip(expected, values).map { $0 * kept + $1 * (1 - kept) }
    }
    let mean = try #require(average.mean["weight"]).floats()
    for (a, b) in zip(mean, expected) { #expect(abs(a - b) < 1e-5) }
    #expect(try average.mean["count"]?.int64s() == [4], "whole numbers are the last ones")
  }

  @Test func exchangesAndGivesBack() throws {
    let (state, weight, _) = try network()
    let average = try WeightAverage(state)
    try weight.copy(from: Tensor([5, 6], shape: [2]))
    try average.exchange()
    #expect(average.isExchanged)
    #expect(try weight.floats() == [1, 2])
    #expect(try average.weights["weight"]?.floats() == [5, 6])
    #expect(try average.mean["weight"]?.floats() == [1, 2])
    try average.exchange()
    #expect(try weight.floats() == [5, 6])
    #expect(try average.mean["weight"]?.floats() == [1, 2])
  }

  @Test func decayCanSpareVectors() throws {
    let matrix = try Tensor([1, 1], shape: [1, 2])
    let vector = try Tensor([1, 1], shape: [2])
    for tensor in [matrix, vector] { try tensor.setRequiresGradient(true) }
    var options = Adam.Options.adamW(learningRate: 0.1, weightDecay: 0.5)
    options.decaysVectors = false
    let optimizer = try Adam([("matrix", matrix), ("vector", vector)], options: options)
    // No slope anywhere: only the decay moves.
    try ((matrix * 0).sum() + (vector * 0).sum()).backward()
    try optimizer.step()
    let moved = try matrix.floats()
    #expect(moved.allSatisfy { abs($0 - 0.95) < 1e-6 })
    #expect(try vector.floats() == [1, 1])
  }
}
