import CytoselfModel
import Testing
import Torch
import TorchNN
import TorchTestSupport

@Suite(.leavesNoTensor) struct MovingCodebookTests {
  /// Vectors in four heaps, as a map `[1, 2, 8, 8]`.
  private func map(shift: Float = 0) throws -> Tensor {
    let centers: [(Float, Float)] = [(0, 0), (4, 0), (0, 4), (4, 4)]
    var planes = [[Float]](repeating: [], count: 2)
    for index in 0..<64 {
      let center = centers[index % 4]
      let jitter = Float(index / 4) * 0.01
      planes[0].append(center.0 + jitter + shift)
      planes[1].append(center.1 - jitter + shift)
    }
    return try Tensor(planes.flatMap { $0 }, shape: [1, 2, 8, 8])
  }

  private func quantizer(codes: Int) throws -> Quantizer {
    try Quantizer(
      LevelConfiguration(codes: codes, codeWidth: 2), commitmentCost: 1, softmaxCost: 0,
      update: .average, Generator(seed: 0))
  }

  private func codebook(_ quantizer: Quantizer) throws -> [Float] {
    try #require(quantizer.stateDictionary["codebook.weight"]).floats()
  }

  @Test func startsAtTheCentresOfTheFirstBatch() throws {
    let quantizer = try quantizer(codes: 4)
    let result = try quantizer.quantize(
      map(), needsSoftHistogram: false, .training(Generator(seed: 2)))
    #expect(try result.loss.commitment.item() < 0.02)
    #expect(abs(try result.perplexity.item() - 4) < 1e-3, "every heap has a code")
  }

  @Test func followsVectorsThatMove() throws {
    let quantizer = try quantizer(codes: 4)
    let generator = try Generator(seed: 2)
    for step in 0..<300 {
      _ = try quantizer.quantize(
        map(shift: min(3, Float(step) * 0.03)), needsSoftHistogram: false, .training(generator))
    }
    let moved = try quantizer.quantize(map(shift: 3), needsSoftHistogram: false, .evaluation)
    #expect(try moved.loss.commitment.item() < 0.1)
  }

  @Test func oneStepIsTheRunningMean() throws {
    let quantizer = try quantizer(codes: 4)
    let context = try ForwardContext.training(Generator(seed: 2))
    _ = try quantizer.quantize(map(), needsSoftHistogram: false, context)
    let state = quantizer.stateDictionary
    let before = try #require(state["codebook.ema_sum"]).floats()
    let codes = try quantizer.encode(map(shift: 0.1)).codes.int64s()
    let rows = try map(shift: 0.1).permuted(0, 2, 3, 1).reshaped(-1, 2).floats()
    var sums = [Float](repeating: 0, count: 8)
    for (row, code) in codes.enumerated() {
      for axis in 0..<2 { sums[Int(code) * 2 + axis] += rows[row * 2 + axis] }
    }
    _ = try quantizer.quantize(map(shift: 0.1), needsSoftHistogram: false, context)
    let after = try #require(state["codebook.ema_sum"]).floats()
    for index in after.indices {
      #expect(abs(after[index] - (0.99 * before[index] + 0.01 * sums[index])) < 1e-4)
    }
  }

  @Test func codesThatNothingUsesArePutElsewhere() throws {
    // Sixteen codes and four heaps of equal vectors: most codes stand for nothing at first.
    let quantizer = try quantizer(codes: 16)
    let generator = try Generator(seed: 3)
    var perplexity = 0.0
    for _ in 0..<400 {
      perplexity = try quantizer.quantize(
        map(), needsSoftHistogram: false, .training(generator)
      ).perplexity.item()
    }
    #expect(perplexity > 8, "\(perplexity) of 16 codes in use")
    #expect(try codebook(quantizer).allSatisfy { $0.isFinite })
  }

  @Test func evaluationChangesNothing() throws {
    let quantizer = try quantizer(codes: 4)
    _ = try quantizer.quantize(map(), needsSoftHistogram: false, .training(Generator(seed: 2)))
    let before = try codebook(quantizer)
    _ = try quantizer.quantize(map(shift: 5), needsSoftHistogram: false, .evaluation)
    #expect(try codebook(quantizer) == before)
  }
}
