import CellCrops
import CellSimulation
import Foundation
import ImageFiles
import ImageTestSupport
import Raster
import Testing

struct NucleusFinderTests {
  static func field(crowding: Float, seed: UInt64, side: Int = 512) throws -> (
    image: GrayImage, field: SimulatedField
  ) {
    let plan = try SimulationPlan(
      SimulationSettings(
        patterns: [LocalizationPattern([.er])], proteinsPerPattern: 1, fields: 1, seed: seed))
    let field = FieldSimulator(plan.settings, side: side)
      .simulate(plan.proteins[0], field: 0, crowding: crowding)
    return (
      GrayImage(
        width: side, height: side, pixels: field.nucleus.map { Float($0) }, ceiling: 65_535),
      field
    )
  }

  /// Precision and recall at an overlap of one half, over several fields.
  static func score(crowding: Float, threshold: NucleusSettings.Threshold) throws -> (
    precision: Float, recall: Float
  ) {
    var (matched, found, truth) = (0, 0, 0)
    for seed in 1...4 as ClosedRange<UInt64> {
      let (image, field) = try Self.field(crowding: crowding, seed: seed)
      let mask = NucleusFinder(NucleusSettings(threshold: threshold)).find(in: image)
      // Slivers at the edge of the field are too small to be nuclei for either side.
      var known = field.labels
      let slivers = Set(field.nuclei.filter { $0.area < 240 }.map(\.label))
      for index in known.labels.indices where slivers.contains(known.labels[index]) {
        known.labels[index] = 0
      }
      let score = MaskScore.scores(found: mask, truth: known)[0]
      matched += score.matched
      found += score.found
      truth += score.truth
    }
    print("crowding \(crowding), \(threshold): \(matched) of \(found) found, \(truth) true")
    return (Float(matched) / Float(found), Float(matched) / Float(truth))
  }

  @Test(arguments: NucleusSettings.Threshold.allCases)
  func findsSeparateNuclei(threshold: NucleusSettings.Threshold) throws {
    let score = try Self.score(crowding: 0.3, threshold: threshold)
    #expect(score.precision >= 0.95 && score.recall >= 0.95, "\(score)")
  }

  @Test func splitsCrowdedNuclei() throws {
    let score = try Self.score(crowding: 1.2, threshold: .otsu)
    #expect(score.precision >= 0.85 && score.recall >= 0.85, "\(score)")
  }

  @Test func splitsTwoOverlappingDiscs() {
    let side = 80
    let pixels = (0..<(side * side)).map { index -> Float in
      let (x, y) = (Float(index % side), Float(index / side))
      let one = (x - 27) * (x - 27) + (y - 40) * (y - 40) < 225
      let two = (x - 53) * (x - 53) + (y - 40) * (y - 40) < 225
      return one || two ? 1_000 : 100
    }
    let finder = NucleusFinder(NucleusSettings(diameter: 30))
    let mask = finder.find(in: GrayImage(width: side, height: side, pixels: pixels))
    #expect(Set(mask.labels) == [0, 1, 2])
    #expect(mask.labels[40 * side + 27] != mask.labels[40 * side + 53])
  }

  @Test func theCutRunsAlongTheNeckAndLeavesTheSmallerItsShape() throws {
    let side = 100
    func isIn(_ index: Int, _ x: Int, _ radius: Int) -> Bool {
      let (dx, dy) = (index % side - x, index / side - 50)
      return dx * dx + dy * dy < radius * radius
    }
    let pixels = (0..<(side * side)).map { index -> Float in
      isIn(index, 35, 22) || isIn(index, 67, 13) ? 1_000 : 100
    }
    let mask = NucleusFinder(NucleusSettings(diameter: 32))
      .find(in: GrayImage(width: side, height: side, pixels: pixels))
    let small = mask.labels[50 * side + 67]
    #expect(small > 0 && small != mask.labels[50 * side + 35])
    // Smoothing and the low threshold make nuclei a pixel wider.
    let truth = pixels.indices.filter { isIn($0, 67, 14) && !isIn($0, 35, 22) }
    let found = pixels.indices.filter { mask.labels[$0] == small }
    let both = Set(truth).intersection(found).count
    let overlap = Float(both) / Float(truth.count + found.count - both)
    #expect(overlap > 0.9, "\(overlap)")
  }

  @Test func aDarkLineDividesNucleiThatHaveNoNeck() {
    let (width, height) = (120, 60)
    func picture(line: Float) -> GrayImage {
      let pixels = (0..<(width * height)).map { index -> Float in
        let (x, y) = (index % width, index / width)
        guard (30..<90).contains(x), (15..<45).contains(y) else { return 100 }
        return (58..<62).contains(x) ? line : 1_000
      }
      return GrayImage(width: width, height: height, pixels: pixels)
    }
    let finder = NucleusFinder(NucleusSettings(diameter: 32))
    #expect(Set(finder.find(in: picture(line: 450)).labels) == [0, 1, 2])
    #expect(Set(finder.find(in: picture(line: 1_000)).labels) == [0, 1])
  }

  @Test func findsNothingInAnEvenPicture() {
    let flat = GrayImage(width: 50, height: 40, pixels: [Float](repeating: 7, count: 2_000))
    #expect(NucleusFinder().find(in: flat).labels.allSatisfy { $0 == 0 })
    let one = GrayImage(width: 1, height: 1, pixels: [3])
    #expect(NucleusFinder().find(in: one).labels == [0])
  }

  @Test func scoresCountMatchesByOverlap() {
    let truth = LabelMask(width: 8, height: 1, labels: [1, 1, 1, 1, 0, 2, 2, 2])
    let found = LabelMask(width: 8, height: 1, labels: [5, 5, 5, 0, 0, 0, 0, 6])
    let scores = MaskScore.scores(found: found, truth: truth)
    #expect(scores.count == 10)
    #expect(scores[0].matched == 1 && scores[0].found == 2 && scores[0].truth == 2)
    #expect(scores[5].matched == 1)
    #expect(scores[6].matched == 0)
    #expect(scores[0].precision == 0.5 && scores[0].recall == 0.5)
    let same = MaskScore.scores(found: truth, truth: truth)
    #expect(same.allSatisfy { $0.precision == 1 && $0.recall == 1 })
  }

  @Test(.enabled(if: SharedData.folder != nil)) func countsTheNucleiOfARealField() throws {
    let field = try #require(SharedData.folder)
      .appending(path: "fields/AS_09125_050116030001_D03f00d0.tif")
    let mask = NucleusFinder(NucleusSettings(diameter: 20))
      .find(in: try ImageStack(field).plane(channel: 0))
    // On an overlay every nucleus has one mark, but for a few tight clusters; those at the edge count.
    let count = Int(mask.labels.max() ?? 0)
    print("nuclei in the HT29 field: \(count)")
    #expect((240...340).contains(count))
  }
}
