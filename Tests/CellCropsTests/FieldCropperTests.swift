import CellCrops
import Numerics
import Raster
import Testing

struct FieldCropperTests {
  /// A field of 60 x 40 with nuclei of 8 x 8 at given corners.
  static func field(_ corners: [(x: Int, y: Int)]) -> FieldPlanes {
    var labels = [Int32](repeating: 0, count: 60 * 40)
    for (number, corner) in corners.enumerated() {
      for y in corner.y..<(corner.y + 8) {
        for x in corner.x..<(corner.x + 8) { labels[y * 60 + x] = Int32(number + 1) }
      }
    }
    let protein = (0..<2_400).map { (index: Int) -> Float in
      Float(index % 60) + 100 * Float(index / 60)
    }
    let nucleus = labels.map { (label: Int32) -> Float in label > 0 ? 500 + 10 * Float(label) : 20 }
    return FieldPlanes(
      protein: GrayImage(width: 60, height: 40, pixels: protein, ceiling: 65_535),
      nucleus: GrayImage(width: 60, height: 40, pixels: nucleus, ceiling: 65_535),
      labels: LabelMask(width: 60, height: 40, labels: labels))
  }

  @Test func cropsAreCenteredAndScaled() throws {
    let field = Self.field([(10, 10), (30, 20)])
    let cropper = FieldCropper(
      CropSettings(size: 16, lowPercentile: 0, highPercentile: 100))
    let cells = cropper.measure(field)
    #expect(cells.map(\.x) == [13.5, 33.5])
    #expect(cells.map(\.y) == [13.5, 23.5])
    #expect(cells.map(\.area) == [64, 64])
    #expect(cells.allSatisfy { !$0.flags.contains(.edge) })
    var crops: [CellCrop] = []
    cropper.crops(of: cells, in: field) {
      crops.append($0)
    }
    let crop = try #require(crops.last)
    #expect(crop.pixels.count == 16 * 16 * 4)
    #expect(crop.ranges[0] == 1_626...3_141)
    #expect(crop.pixels[0] == 0)
    #expect(crop.pixels[(16 * 16 - 1) * 4] == 1)
    let mask = (0..<256).map { crop.pixels[$0 * 4 + 3] == 1 }
    #expect(mask[8 * 16 + 8] && !mask[0])
    #expect(
      (0..<256).map { crop.pixels[$0 * 4 + 2] } == DistanceMap.signed(mask, width: 16, height: 16))
  }

  @Test func cellsAtTheEdgeAreDroppedOrPadded() throws {
    let field = Self.field([(0, 0), (30, 20)])
    var cropper = FieldCropper(CropSettings(size: 16))
    let cells = cropper.measure(field)
    #expect(cells[0].flags.contains(.edge) && cells[0].flags.contains(.cut))
    #expect(cells.map { cropper.keeps($0) } == [false, true])
    cropper.settings.edge = .pad
    #expect(cells.map { cropper.keeps($0) } == [true, true])
    cropper.settings.dropped = [.cut]
    #expect(cells.map { cropper.keeps($0) } == [false, true])
    var first: CellCrop?
    cropper.crops(of: [cells[0]], in: field) {
      first = $0
    }
    let crop = try #require(first)
    // Beyond the field the nearest pixel goes on.
    #expect(crop.pixels[3] == 1 && crop.pixels[0] == crop.pixels[4 * 4 + 4 * 16 * 4])
  }

  @Test func fieldScalingKeepsCellsComparable() {
    let field = Self.field([(10, 10), (30, 20)])
    let cropper = FieldCropper(CropSettings(size: 16, scaling: .field))
    let cells = cropper.measure(field)
    var ranges: Set<Float> = []
    cropper.crops(of: cells, in: field) {
      ranges.insert($0.ranges[0].lowerBound)
    }
    #expect(ranges.count == 1)
  }

  @Test func neighborsCanBeBlanked() throws {
    let field = Self.field([(14, 16), (25, 16)])
    let cropper = FieldCropper(CropSettings(size: 24, blanksNeighbors: true))
    let cells = cropper.measure(field)
    var crops: [CellCrop] = []
    cropper.crops(of: [cells[0]], in: field) {
      crops.append($0)
    }
    let crop = try #require(crops.first)
    // Column 6 + 20 of the field is inside the neighbour.
    #expect(crop.pixels[(12 * 24 + 21) * 4 + 1] == 0)
    #expect(crop.pixels[(12 * 24 + 11) * 4 + 1] > 0.9)
  }

  @Test func saturationIsFlagged() {
    var field = Self.field([(30, 20)])
    field.protein = GrayImage(
      width: 60, height: 40, pixels: [Float](repeating: 255, count: 2_400), ceiling: 255)
    let cells = FieldCropper(CropSettings(size: 16)).measure(field)
    #expect(cells[0].flags == [.saturated])
  }

  @Test func brightSmallNucleiAreMitoticAndSmallestAreDebris() {
    // Squares of 8 x 8 at one brightness; one is bright and smaller, one smaller still, one dim.
    var field = Self.field([(2, 2), (14, 2), (26, 2), (38, 2), (50, 2), (2, 20), (14, 20)])
    func change(_ label: Int32, side: Int, value: Float) {
      guard let first = field.labels.labels.firstIndex(of: label) else { return }
      for index in field.labels.labels.indices where field.labels.labels[index] == label {
        let inside = index % 60 - first % 60 < side && index / 60 - first / 60 < side
        if !inside { field.labels.labels[index] = 0 }
        field.nucleus.pixels[index] = inside ? value : 20
      }
    }
    for label in 1...7 as ClosedRange<Int32> { change(label, side: 8, value: 500) }
    change(2, side: 7, value: 900)
    change(4, side: 4, value: 500)
    change(6, side: 8, value: 200)
    let cells = FieldCropper(CropSettings(size: 16, edge: .pad)).measure(field)
    #expect(cells.filter { $0.flags.contains(.mitotic) }.map(\.label) == [2])
    #expect(cells.filter { $0.flags.contains(.debris) }.map(\.label) == [4])
    #expect(cells.filter { $0.flags.contains(.dim) }.map(\.label) == [6])
  }

  @Test func aProteinThatIsNothingButNoiseIsEmpty() {
    var field = Self.field([(10, 10), (35, 20)])
    var random = SplitMix64(seed: 3)
    var pixels = (0..<2_400).map { _ in 100 + 10 * random.steppedNormal() }
    // A blob of three times the noise in the second crop.
    for y in 20..<30 { for x in 34..<44 { pixels[y * 60 + x] += 30 } }
    field.protein = GrayImage(width: 60, height: 40, pixels: pixels)
    let cells = FieldCropper(CropSettings(size: 16)).measure(field)
    #expect(cells[0].flags.contains(.empty))
    #expect(!cells[1].flags.contains(.empty))
  }

  @Test func cropsThatShareMoreThanHalfAreFlaggedOnceEach() {
    let field = Self.field([(10, 10), (15, 19), (23, 10)])
    var cropper = FieldCropper(CropSettings(size: 24))
    let cells = cropper.measure(field)
    // The second shares (24 - 5)(24 - 9) of 576 pixels with the first, less than half.
    #expect(cells.map { $0.flags.contains(.overlap) } == [false, false, false])
    let near = cropper.measure(Self.field([(10, 10), (18, 10), (30, 10)]))
    #expect(near.map { $0.flags.contains(.overlap) } == [false, true, false])
    cropper.settings.dropped = [.overlap]
    // The third shares half with the second, which is dropped itself.
    let row = cropper.measure(Self.field([(10, 10), (18, 10), (27, 10)]))
    #expect(row.map { cropper.keeps($0) } == [true, false, true])
  }

  @Test func furtherChannelsFollowTheMask() throws {
    var field = Self.field([(30, 20)])
    field.extras = [field.nucleus]
    let cropper = FieldCropper(CropSettings(size: 16))
    var first: CellCrop?
    cropper.crops(of: cropper.measure(field), in: field) { first = $0 }
    let crop = try #require(first)
    #expect(crop.pixels.count == 256 * 5 && crop.ranges.count == 3)
    for index in 0..<256 { #expect(crop.pixels[index * 5 + 1] == crop.pixels[index * 5 + 4]) }
  }

  @Test func percentilesAreThoseOfSortedValues() throws {
    var field = Self.field([(30, 20)])
    var random = SplitMix64(seed: 5)
    field.protein = GrayImage(
      width: 60, height: 40, pixels: (0..<2_400).map { _ in Float(random.integer(0, 900)) },
      ceiling: 65_535)
    func ranges(_ scaling: CropSettings.Scaling) throws -> ClosedRange<Float> {
      let cropper = FieldCropper(
        CropSettings(size: 16, scaling: scaling, lowPercentile: 10, highPercentile: 95))
      var found: ClosedRange<Float>?
      cropper.crops(of: cropper.measure(field), in: field) { found = $0.ranges[0] }
      return try #require(found)
    }
    let sorted = field.protein.pixels.sorted()
    #expect(try ranges(.field) == sorted[240]...sorted[2_280])
    var inside: [Float] = []
    for y in 16..<32 {
      for x in 26..<42 { inside.append(field.protein[x, y]) }
    }
    inside.sort()
    #expect(try ranges(.crop) == inside[25]...inside[243])
    // Fractions are counted in steps of less than 1 % of themselves.
    field.protein.pixels = field.protein.pixels.map { $0 / 1_000 - 0.2 }
    field.protein = GrayImage(width: 60, height: 40, pixels: field.protein.pixels)
    let fractions = field.protein.pixels.sorted()
    let found = try ranges(.field)
    #expect(abs(found.lowerBound - fractions[240]) <= 0.01 * abs(fractions[240]))
    #expect(abs(found.upperBound - fractions[2_280]) <= 0.01 * abs(fractions[2_280]))
  }

  @Test func overlaysShowWhatIsKeptAndWhatIsNot() {
    let field = Self.field([(0, 0), (30, 20)])
    let cropper = FieldCropper(CropSettings(size: 16))
    let picture = FieldOverlay(field, cropper.measure(field), cropper, title: "a field")
    #expect(picture.width == 1_200 && picture.height == 800 + 44)
    func color(_ x: Int, _ y: Int) -> [UInt8] {
      let place = (y * picture.width + x) * 3
      return Array(picture.pixels[place..<place + 3])
    }
    // The rims of both nuclei: orange for the one at the edge, blue for the other.
    #expect(color(100, 44 + 159) == [230, 120, 0])
    #expect(color(700, 44 + 400) == [86, 180, 233])
  }
}
