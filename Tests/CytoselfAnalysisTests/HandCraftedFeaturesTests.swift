import CytoselfAnalysis
import Foundation
import Testing

@Suite struct HandCraftedFeaturesTests {
  /// Of scikit-image and SciPy, by tools/reference/hand_crafted_goldens.py.
  private static let goldens: [Float] = [
    0.097662, 0.314631, 0.482082, 0.648359, 0.803414, 0.908009, 0.481373, 0.231642, 0.039375,
    0.070625, 0.108750, 0.167500, 0.219375, 0.132500, 0.092500, 0.056875, 0.035625, 0.076875,
    0.073125, 0.068125, 0.163125, 0.125625, 0.085625, 0.125625, 0.116250, 0.056875, 0.048125,
    0.137500, 0.205625, 0.088125, 0.024375, 0.019375, 0.018750, 0.056875, 0.006875, 0.049375,
    0.131875, 0.398750, 0.146243, 0.178745, 0.072126, 0.001546, 0.000083, 0.002225, 0.483768,
    0.481149, 0.479268,
  ]

  private static let side = 40

  /// The crop of the script, `[2, 40, 40]`.
  private static let crop: [Float] = {
    var protein: [Float] = []
    var nucleus: [Float] = []
    for row in 0..<side {
      for column in 0..<side {
        let (y, x) = (Double(row), Double(column))
        let wave = 100 + 60 * sin(0.7 * y) * cos(0.45 * x)
        protein.append(Float(wave + 30 * Double((row * 7 + column * 13) % 11) / 11))
        nucleus.append(Float(255 * exp(-((y - 18) * (y - 18) + (x - 22) * (x - 22)) / 60)))
      }
    }
    return protein + nucleus
  }()

  @Test func agreesWithScikitImageAndSciPy() {
    let features = HandCraftedFeatures(channels: 2, height: Self.side, width: Self.side)
    let found = features(Self.crop)
    #expect(found.count == features.count)
    #expect(Self.goldens.count == features.count)
    for (index, (a, b)) in zip(found, Self.goldens).enumerated() {
      #expect(abs(a - b) < 2e-5, "feature \(index): \(a) for \(b)")
    }
  }

  @Test func doesNotDependOnBrightness() {
    let features = HandCraftedFeatures(channels: 2, height: Self.side, width: Self.side)
    let plain = features(Self.crop)
    let bright = features(Self.crop.map { 3 * $0 + 50 })
    for (a, b) in zip(plain, bright) { #expect(abs(a - b) < 2e-3) }
  }

  @Test func leavesOutTheRelationWithoutASecondChannel() {
    let area = Self.side * Self.side
    let one = HandCraftedFeatures(channels: 1, height: Self.side, width: Self.side)
    let two = HandCraftedFeatures(channels: 2, height: Self.side, width: Self.side)
    #expect(one.count == 43)
    #expect(one(Array(Self.crop[..<area])) == Array(two(Self.crop)[..<43]))
  }

  @Test func isFiniteForABlankCrop() {
    let features = HandCraftedFeatures(channels: 2, height: 8, width: 8)
    let blank = features([Float](repeating: 7, count: 128))
    #expect(blank.allSatisfy { $0.isFinite })
  }
}
