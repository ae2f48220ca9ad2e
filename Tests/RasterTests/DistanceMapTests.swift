import Numerics
import Raster
import Testing

/// The signed distance map against a brute-force one.
struct DistanceMapTests {
  /// The distance to the nearest pixel of the other kind, by trying them all.
  static func bruteForce(_ mask: [Bool], width: Int, height: Int) -> [Float] {
    mask.indices.map { index in
      var best = Double.infinity
      for other in mask.indices where mask[other] != mask[index] {
        let dx = Double(other % width - index % width)
        let dy = Double(other / width - index / width)
        best = min(best, (dx * dx + dy * dy).squareRoot())
      }
      if best == .infinity { best = Double(width * width + height * height).squareRoot() }
      return Float(mask[index] ? -best : best)
    }
  }

  @Test(arguments: [(1, 1), (1, 9), (9, 1), (2, 3), (13, 7), (31, 40)])
  func equalsBruteForceOnRandomMasks(width: Int, height: Int) {
    for share: Float in [0, 0.01, 0.1, 0.5, 0.9, 0.99, 1] {
      for seed in 0..<6 as Range<UInt64> {
        var random = SplitMix64(seed: seed, path: [UInt64(share * 100)])
        let mask = (0..<(width * height)).map { _ in random.uniform() < share }
        let expected = Self.bruteForce(mask, width: width, height: height)
        let found = DistanceMap.signed(mask, width: width, height: height)
        let worst = zip(expected, found).map { abs($0 - $1) }.max() ?? 0
        #expect(worst < 1e-4, "\(width) x \(height), share \(share), seed \(seed): \(worst)")
        #expect(
          DistanceMap.depths(mask, width: width, height: height) == found.map { max(0, -$0) })
      }
    }
  }

  /// Masks of discs, which have long runs of pixels inside and outside.
  @Test func equalsBruteForceOnDiscs() {
    for seed in 0..<4 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let discs = (0..<4).map { _ in
        (x: random.integer(0, 69), y: random.integer(0, 49), radius: random.integer(3, 14))
      }
      let mask = (0..<3_500).map { index in
        discs.contains { disc in
          let (dx, dy) = (index % 70 - disc.x, index / 70 - disc.y)
          return dx * dx + dy * dy < disc.radius * disc.radius
        }
      }
      for inverted in [false, true] {
        let mask = mask.map { $0 != inverted }
        let expected = Self.bruteForce(mask, width: 70, height: 50)
        let found = DistanceMap.signed(mask, width: 70, height: 50)
        let worst = zip(expected, found).map { abs($0 - $1) }.max() ?? 0
        #expect(worst < 1e-4, "seed \(seed), inverted \(inverted): \(worst)")
      }
    }
  }

  @Test func isNegativeInsideAndOneBesideTheEdge() {
    let mask = [false, false, true, true, true, false]
    #expect(DistanceMap.signed(mask, width: 6, height: 1) == [2, 1, -1, -2, -1, 1])
  }

  @Test func workingMemoryCanBeUsedAgain() {
    let transform = DistanceTransform(width: 17, height: 11)
    for seed in 0..<4 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let mask = (0..<187).map { _ in random.uniform() < 0.3 }
      var found = [Float](repeating: .nan, count: 187)
      mask.withUnsafeBufferPointer { mask in
        found.withUnsafeMutableBufferPointer { transform.signed(mask, into: $0) }
      }
      #expect(found == DistanceMap.signed(mask, width: 17, height: 11))
    }
  }
}
