import Numerics
import Testing

@Suite struct RandomOrderTests {
  /// The order of data of a run follows from these numbers: they must never change.
  @Test func theSequenceIsFixed() {
    var generator = SplitMix64(hashing: 1, 2, 3)
    #expect(
      (0..<3).map { _ in generator.next() } == [
        15_198_713_775_529_209_597, 10_636_812_961_866_067_092, 6_872_888_060_995_797_482,
      ])
    var stream = SplitMix64(seed: 7, stream: 3)
    #expect(stream.next() == 16713928944968095132)
    var item = SplitMix64(seed: 7, path: [1, 2])
    #expect(item.next() == 4012830607922341199)
    var other = SplitMix64(hashing: 1)
    #expect(other.permutation(10) == [9, 8, 7, 3, 4, 1, 6, 5, 0, 2])
  }

  @Test func seedsAndTheirOrderMatter() {
    var firsts = Set<UInt64>()
    for a in 0..<20 as Range<UInt64> {
      for b in 0..<20 as Range<UInt64> {
        var generator = SplitMix64(hashing: a, b)
        firsts.insert(generator.next())
      }
    }
    #expect(firsts.count == 400)
  }

  @Test func permutationsHoldEveryNumberOnce() {
    var generator = SplitMix64(hashing: 7)
    for count in [0, 1, 2, 3, 100, 1000] {
      #expect(generator.permutation(count).sorted() == [UInt32](0..<UInt32(count)))
    }
  }

  @Test func everyPlaceIsEquallyLikely() {
    var generator = SplitMix64(hashing: 11)
    var counts = [Int](repeating: 0, count: 25)
    for _ in 0..<20_000 {
      for (place, value) in generator.permutation(5).enumerated() {
        counts[place * 5 + Int(value)] += 1
      }
    }
    // 4,000 expected, standard deviation 57.
    #expect(counts.allSatisfy { abs($0 - 4000) < 300 })
  }
}
