import Numerics
import Testing

@Suite struct MedianTests {
  @Test func theMiddleValueOrTheMeanOfTwo() {
    #expect(Median.of([3, 1, 2] as [Double]) == 2)
    #expect(Median.of([4, 1, 3, 2] as [Float]) == 2.5)
    #expect(Median.of([5] as [Float]) == 5)
    #expect(Median.of([] as [Double]) == 0)
  }

  @Test(arguments: 1...40) func equalsThatOfSortedValues(count: Int) {
    var random = SplitMix64(seed: UInt64(count))
    // Few different values, so that many are equal.
    let values = (0..<count).map { _ in Double(random.next(below: 12)) }
    let sorted = values.sorted()
    #expect(Median.of(values) == (sorted[(count - 1) / 2] + sorted[count / 2]) / 2)
    var scratch = values
    for rank in 0..<count {
      #expect(scratch.withUnsafeMutableBufferPointer { Median.rank(rank, of: $0) } == sorted[rank])
    }
  }
}
