import CytoselfModel
import Testing
import Torch
import TorchNN
import TorchTestSupport

@Suite(.leavesNoTensor) struct QuantizerTests {
  private static let level = LevelConfiguration(codes: 7, codeWidth: 3, splits: 2)

  private func quantizer() throws -> Quantizer {
    try Quantizer(Self.level, commitmentCost: 0.25, softmaxCost: 0, Generator(seed: 1))
  }

  private func map(seed: UInt64 = 2, batch: Int = 2) throws -> Tensor {
    let map = try Tensor.filled(with: 0, shape: [batch, 6, 2, 3])
    try Generator(seed: seed).fillNormal(map, standardDeviation: 0.5)
    return map
  }

  @Test func everyVectorIsTheNearestCodeOfItsSlice() throws {
    let quantizer = try quantizer()
    let input = try map()
    let codebook = try quantizer.stateDictionary["codebook.weight"]?.floats() ?? []
    let result = try quantizer.quantize(input, needsSoftHistogram: false)
    let x = try input.floats()
    let vectors = try result.vectors.floats()
    let codes = try result.codes.int64s()
    #expect(result.codes.shape == [2, 2, 2, 3])
    for b in 0..<2 {
      for s in 0..<2 {
        for position in 0..<6 {
          let slice = (0..<3).map { x[(b * 6 + s * 3 + $0) * 6 + position] }
          let distances = (0..<7).map { k in
            zip(slice, codebook[(k * 3)..<(k * 3 + 3)]).reduce(0) {
              $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
            }
          }
          let code = Int(codes[(b * 2 + s) * 6 + position])
          #expect(distances[code] <= (distances.min() ?? 0) + 1e-6)
          for d in 0..<3 {
            let value = vectors[(b * 6 + s * 3 + d) * 6 + position]
            #expect(abs(value - codebook[code * 3 + d]) < 1e-6)
          }
        }
      }
    }
  }

  @Test func encodingAgreesWithQuantising() throws {
    let quantizer = try quantizer()
    let full = try quantizer.quantize(map(), needsSoftHistogram: true)
    let (vectors, codes, histogram) = try quantizer.encode(map())
    #expect(try codes.int64s() == full.codes.int64s())
    #expect(try histogram.floats() == full.histogram.floats())
    #expect(try vectors.isClose(to: full.vectors, absolute: 1e-6))
    #expect(try histogram.sum(1).floats() == [12, 12])
    let soft = try #require(full.softHistogram)
    #expect(try soft.sum(1).isClose(to: histogram.sum(1), relative: 1e-5))
  }

  @Test func gradientPassesStraightThrough() throws {
    let quantizer = try quantizer()
    let input = try map()
    try input.setRequiresGradient(true)
    let weights = try map(seed: 9)
    try (quantizer.quantize(input, needsSoftHistogram: false).vectors * weights).sum().backward()
    #expect(try input.gradient()?.floats() == weights.floats())
    #expect(try quantizer.stateDictionary["codebook.weight"]?.gradient() == nil)
  }

  @Test func softHistogramGradientMatchesFiniteDifferences() throws {
    let quantizer = try quantizer()
    let weights = try Tensor((0..<14).map { Float($0 * $0 % 5) - 2 }, shape: [2, 7])
    func objective(_ input: Tensor) throws -> Tensor {
      let soft = try #require(
        quantizer.quantize(input, needsSoftHistogram: true).softHistogram)
      return try (soft * weights).sum()
    }
    try expectGradientMatches(at: map(), objective)
  }

  @Test func lossGradientsMatchFiniteDifferences() throws {
    let quantizer = try quantizer()
    let result = try quantizer.quantize(map(), needsSoftHistogram: false)
    let commitment = try result.loss.commitment.item()
    #expect(try abs(result.loss.quantization.item() - commitment) < 1e-6)
    #expect(try abs(result.loss.total.item() - 1.25 * commitment) < 1e-6)
    try expectGradientMatches(at: map()) { input in
      try quantizer.quantize(input, needsSoftHistogram: false).loss.commitment
    }
    // The codebook moves towards the encoder: its gradient is that of the quantisation term.
    let codebook = try #require(quantizer.stateDictionary["codebook.weight"])
    let input = try map()
    try quantizer.quantize(input, needsSoftHistogram: false).loss.total.backward()
    let gradient = try #require(try codebook.gradient()).floats()
    let step: Float = 1e-3  // Small enough that no vector changes its code.
    let values = try codebook.floats()
    for index in stride(from: 0, to: values.count, by: 4) {
      func loss(_ delta: Float) throws -> Double {
        var moved = values
        moved[index] += delta
        return try withoutGradients {
          try codebook.copy(from: Tensor(moved, shape: codebook.shape))
          return try quantizer.quantize(input, needsSoftHistogram: false).loss.quantization.item()
        }
      }
      let numeric = try (loss(step) - loss(-step)) / Double(2 * step)
      #expect(abs(numeric - Double(gradient[index])) < 2e-3)
    }
  }

  @Test func perplexityCountsTheCodesInUse() throws {
    let quantizer = try quantizer()
    let same = try Tensor.filled(with: 0.1, shape: [2, 6, 2, 3])
    let one = try quantizer.quantize(same, needsSoftHistogram: false).perplexity.item()
    #expect(abs(one - 1) < 1e-5)
    let many = try quantizer.quantize(map(batch: 16), needsSoftHistogram: false).perplexity.item()
    #expect(many > 2 && many <= 7)
  }
}

/// Central differences in float32; the step balances truncation against rounding.
func expectGradientMatches(
  at input: Tensor, step: Float = 1e-2, tolerance: Double = 5e-3,
  _ objective: (Tensor) throws -> Tensor
) throws {
  let leaf = try input.clone()
  try leaf.setRequiresGradient(true)
  try objective(leaf).backward()
  let gradient = try #require(try leaf.gradient()).floats()
  let values = try input.floats()
  for index in values.indices {
    func value(_ delta: Float) throws -> Double {
      var moved = values
      moved[index] += delta
      return try objective(Tensor(moved, shape: input.shape)).item()
    }
    let numeric = try (value(step) - value(-step)) / Double(2 * step)
    #expect(abs(numeric - Double(gradient[index])) < tolerance, "element \(index)")
  }
}
