import Numerics
import Testing

struct RandomStreamTests {
  @Test func followsThePublishedAlgorithm() {
    // The first outputs from state 1234567, as the authors' C program prints them.
    var random = SplitMix64(seed: 1_234_567)
    #expect(random.next() == 6_457_827_717_110_365_317)
    #expect(random.next() == 3_203_168_211_198_807_973)
    #expect(random.next() == 9_817_491_932_198_370_423)
  }

  @Test func pathsGiveDifferentStreams() {
    var seen: Set<UInt64> = []
    for protein in 0..<20 as Range<UInt64> {
      for field in 0..<20 as Range<UInt64> {
        for cell in 0..<20 as Range<UInt64> {
          var random = SplitMix64(seed: 7, path: [protein, field, cell])
          seen.insert(random.next())
        }
      }
    }
    #expect(seen.count == 8_000)
  }

  @Test func normalNumbersHaveMeanZeroAndDeviationOne() {
    var random = SplitMix64(seed: 3)
    let values = (0..<200_000).map { _ in Double(random.steppedNormal()) }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    #expect(abs(mean) < 0.01)
    #expect(abs(variance - 1) < 0.02)
  }

  @Test(arguments: [0.3, 2, 9, 15.9, 16.1, 40, 700] as [Float])
  func poissonCountsHaveTheMeanAsVarianceToo(mean: Float) {
    var random = SplitMix64(seed: 11)
    let values = (0..<100_000).map { _ in Double(random.poisson(mean)) }
    let average = values.reduce(0, +) / Double(values.count)
    let variance =
      values.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(values.count)
    #expect(abs(average - Double(mean)) < 0.02 * Double(mean) + 0.01)
    #expect(abs(variance - Double(mean)) < 0.04 * Double(mean) + 0.01)
    #expect(values.allSatisfy { $0 >= 0 && $0 == $0.rounded() })
  }

  @Test func countsOfNoLightAreZero() {
    var random = SplitMix64(seed: 0)
    #expect(random.poisson(0) == 0)
    #expect(random.poisson(-1) == 0)
  }
}
