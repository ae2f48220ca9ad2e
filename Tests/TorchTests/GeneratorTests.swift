import Testing
import Torch
import TorchTestSupport

@Suite(.leavesNoTensor) struct GeneratorTests {
  private func draw(_ generator: Generator) throws -> [Float] {
    let tensor = try Tensor.filled(with: 0, shape: [5])
    try generator.fillUniform(tensor, from: -1, to: 1)
    return try tensor.floats()
  }

  @Test func sameSeedSameNumbers() throws {
    #expect(try draw(Generator(seed: 7)) == draw(Generator(seed: 7)))
    #expect(try draw(Generator(seed: 7)) != draw(Generator(seed: 8)))
  }

  @Test func leavesTensorsAloneWhereWeightsAreReadNext() throws {
    let idle = try Generator(seed: 7, fills: false)
    let tensor = try Tensor.filled(with: 3, shape: [5])
    try idle.fillNormal(tensor, standardDeviation: 1)
    try idle.fillUniform(tensor, from: 0, to: 1)
    try idle.fillBernoulli(tensor, probability: 0.5)
    #expect(try tensor.floats() == [3, 3, 3, 3, 3])
  }

  @Test func stateContinuesTheSequence() throws {
    let generator = try Generator(seed: 3)
    _ = try draw(generator)
    let normal = try Tensor.filled(with: 0, shape: [3])
    try generator.fillNormal(normal, standardDeviation: 1)
    let state = try generator.state()
    let next = try draw(generator)
    let other = try Generator(seed: 99)
    try other.restore(state)
    #expect(try draw(other) == next)
    #expect(throws: TorchError.self) { try other.restore([1, 2, 3]) }
  }

  @Test func bernoulliAndPermutation() throws {
    let generator = try Generator(seed: 1)
    let mask = try Tensor.filled(with: 0, shape: [10000])
    try generator.fillBernoulli(mask, probability: 0.25)
    #expect(abs(try mask.mean().item() - 0.25) < 0.02)
    #expect(try generator.permutation(50).int64s().sorted() == Array(0..<50))
  }
}
