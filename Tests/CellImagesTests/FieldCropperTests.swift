import CellImages
import Testing

struct FieldCropperTests {
  /// A field of 60 x 40 with nuclei of 8 x 8 at given corners.
  static func field(_ corners: [(x: Int, y: Int)]) -> (GrayImage, GrayImage, LabelMask) {
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
    return (
      GrayImage(width: 60, height: 40, pixels: protein, ceiling: 65_535),
      GrayImage(width: 60, height: 40, pixels: nucleus, ceiling: 65_535),
      LabelMask(width: 60, height: 40, labels: labels)
    )
  }

  @Test func cropsAreCenteredAndScaled() throws {
    let (protein, nucleus, labels) = Self.field([(10, 10), (30, 20)])
    let cropper = FieldCropper(
      CropSettings(size: 16, lowPercentile: 0, highPercentile: 100))
    let cells = cropper.measure(protein: protein, nucleus: nucleus, labels: labels)
    #expect(cells.map(\.x) == [13.5, 33.5])
    #expect(cells.map(\.y) == [13.5, 23.5])
    #expect(cells.map(\.area) == [64, 64])
    #expect(cells.allSatisfy { !$0.flags.contains(.edge) })
    var crops: [CellCrop] = []
    cropper.crops(of: cells, protein: protein, nucleus: nucleus, labels: labels) {
      crops.append($0)
    }
    let crop = try #require(crops.last)
    #expect(crop.pixels.count == 16 * 16 * 4)
    #expect(crop.proteinRange == 1_626...3_141)
    #expect(crop.pixels[0] == 0)
    #expect(crop.pixels[(16 * 16 - 1) * 4] == 1)
    let mask = (0..<256).map { crop.pixels[$0 * 4 + 3] == 1 }
    #expect(mask[8 * 16 + 8] && !mask[0])
    #expect(
      (0..<256).map { crop.pixels[$0 * 4 + 2] } == DistanceMap.signed(mask, width: 16, height: 16))
  }

  @Test func cellsAtTheEdgeAreDroppedOrPadded() throws {
    let (protein, nucleus, labels) = Self.field([(0, 0), (30, 20)])
    var cropper = FieldCropper(CropSettings(size: 16))
    let cells = cropper.measure(protein: protein, nucleus: nucleus, labels: labels)
    #expect(cells[0].flags.contains(.edge) && cells[0].flags.contains(.cut))
    #expect(cells.map { cropper.keeps($0) } == [false, true])
    cropper.settings.edge = .pad
    #expect(cells.map { cropper.keeps($0) } == [true, true])
    cropper.settings.dropped = [.cut]
    #expect(cells.map { cropper.keeps($0) } == [false, true])
    var first: CellCrop?
    cropper.crops(of: [cells[0]], protein: protein, nucleus: nucleus, labels: labels) {
      first = $0
    }
    let crop = try #require(first)
    // Beyond the field the nearest pixel goes on.
    #expect(crop.pixels[3] == 1 && crop.pixels[0] == crop.pixels[4 * 4 + 4 * 16 * 4])
  }

  @Test func fieldScalingKeepsCellsComparable() {
    let (protein, nucleus, labels) = Self.field([(10, 10), (30, 20)])
    let cropper = FieldCropper(CropSettings(size: 16, scaling: .field))
    let cells = cropper.measure(protein: protein, nucleus: nucleus, labels: labels)
    var ranges: Set<Float> = []
    cropper.crops(of: cells, protein: protein, nucleus: nucleus, labels: labels) {
      ranges.insert($0.proteinRange.lowerBound)
    }
    #expect(ranges.count == 1)
  }

  @Test func neighborsCanBeBlanked() throws {
    let (protein, nucleus, labels) = Self.field([(14, 16), (25, 16)])
    let cropper = FieldCropper(CropSettings(size: 24, blanksNeighbors: true))
    let cells = cropper.measure(protein: protein, nucleus: nucleus, labels: labels)
    var crops: [CellCrop] = []
    cropper.crops(of: [cells[0]], protein: protein, nucleus: nucleus, labels: labels) {
      crops.append($0)
    }
    let crop = try #require(crops.first)
    // Column 6 + 20 of the field is inside the neighbour.
    #expect(crop.pixels[(12 * 24 + 21) * 4 + 1] == 0)
    #expect(crop.pixels[(12 * 24 + 11) * 4 + 1] > 0.9)
  }

  @Test func saturationIsFlagged() {
    let (_, nucleus, labels) = Self.field([(30, 20)])
    let bright = GrayImage(
      width: 60, height: 40, pixels: [Float](repeating: 255, count: 2_400), ceiling: 255)
    let cells = FieldCropper(CropSettings(size: 16))
      .measure(protein: bright, nucleus: nucleus, labels: labels)
    #expect(cells[0].flags == [.saturated])
  }
}
