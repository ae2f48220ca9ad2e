import ArrayFiles
import CellCrops
import Foundation
import ImageFiles
import ImageTestSupport
import Numerics
import Raster
import Testing

/// A field gives the same crops and flags in every kind of number and on top of any offset.
struct PixelTypeTests {
  private static let side = 120
  private static let centers = [(x: 30, y: 30), (x: 85, y: 32), (x: 33, y: 88), (x: 88, y: 86)]

  /// Protein and nucleus of four cells, one of them dim, below 4,096.
  private static func planes() -> [[Int]] {
    var random = SplitMix64(seed: 21)
    var planes = [[Int]](repeating: [], count: 2)
    for y in 0..<side {
      for x in 0..<side {
        var (protein, nucleus) = (random.integer(90, 110), random.integer(190, 210))
        for (number, center) in centers.enumerated() {
          let (dx, dy) = (x - center.x, y - center.y)
          let distance = Double(dx * dx + dy * dy).squareRoot()
          if distance < 10 { nucleus += number == 3 ? 700 : 1_800 + 100 * number }
          if distance < 15 { protein += 1_000 + 40 * x }
        }
        planes[0].append(min(4_095, protein))
        planes[1].append(min(4_095, nucleus))
      }
    }
    return planes
  }

  /// The crops and flags of a field whose values are `numbers` in an npy file.
  private static func cut<Number: ArrayElement>(
    _ folder: TestFolder, _ type: ElementType, _ scaling: CropSettings.Scaling,
    _ number: (Int) -> Number
  ) throws -> (pixels: [Float], flags: [String], highs: [Double]) {
    let name = "\(UUID().uuidString)"
    let sub = folder.path(name)
    try FileManager.default.createDirectory(at: sub, withIntermediateDirectories: true)
    let file = sub.appending(path: "field.npy")
    let writer = try NPYWriter(file, elementType: type, itemShape: [side, side])
    for plane in planes() { try writer.append(plane.map(number)) }
    try writer.finish()
    var settings = CroppedDataset.Settings()
    settings.nuclei.diameter = 20
    (settings.crops.size, settings.crops.edge, settings.crops.scaling) = (40, .pad, scaling)
    let out = folder.path(name + "-crops")
    let fields = try FieldListing([sub]).fields
    try CroppedDataset(fields, settings).write(to: out)
    let labels = try CSVTable(out.appending(path: "Label_data00.csv"))
    return (
      try NPYFile(out.appending(path: "Image_data00.npy")).floats(),
      try labels.column("flags").strings(), try labels.column("protein_high").doubles()
    )
  }

  @Test(arguments: [CropSettings.Scaling.crop, .field, .plate])
  func everyKindOfNumberGivesTheSameCrops(scaling: CropSettings.Scaling) throws {
    let folder = try TestFolder()
    let twin = try Self.cut(folder, .uint16, scaling) { UInt16($0) }
    #expect(twin.flags.count == 4 && twin.flags.contains { $0.contains("dim") })
    #expect(twin.pixels.contains { $0 > 0.1 && $0 < 0.9 })
    func expect(
      _ other: (pixels: [Float], flags: [String], highs: [Double]), offset: Double, _ name: String
    ) {
      #expect(other.flags == twin.flags, "\(name)")
      #expect(other.pixels == twin.pixels, "\(name)")
      #expect(other.highs == twin.highs.map { $0 + offset }, "\(name)")
    }
    expect(try Self.cut(folder, .int16, scaling) { Int16($0 - 32_768) }, offset: -32_768, "int16")
    expect(try Self.cut(folder, .uint16, scaling) { UInt16($0 + 32_768) }, offset: 32_768, "uint16")
    expect(
      try Self.cut(folder, .int32, scaling) { Int32($0 - 2_147_483_648) }, offset: -2_147_483_648,
      "int32")
    expect(
      try Self.cut(folder, .uint32, scaling) { UInt32($0 + 16_777_217) }, offset: 16_777_217,
      "uint32")
    expect(
      try Self.cut(folder, .float32, scaling) { Float($0 + 30_000) }, offset: 30_000, "float32")
    expect(try Self.cut(folder, .float32, scaling) { Float($0) }, offset: 0, "float32 from 0")
    expect(try Self.cut(folder, .float64, scaling) { Double($0) + 1e9 }, offset: 1e9, "float64")
    expect(try Self.cut(folder, .int64, scaling) { Int64($0) - 1 << 40 }, offset: -0x1p40, "int64")
    // A unit of 2^-60 or 2^60 is as good as any other.
    for unit in [0x1p-60, 0x1p60] {
      let other = try Self.cut(folder, .float32, scaling) { Float(Double($0) * unit) }
      #expect(other.pixels == twin.pixels && other.flags == twin.flags, "\(unit)")
    }
  }

  @Test func aNuclearChannelWithoutLightIsFlagged() throws {
    let (side, count) = (60, 3_600)
    var labels = [Int32](repeating: 0, count: count)
    for y in 20..<40 { for x in 20..<40 { labels[y * side + x] = 1 } }
    let field = FieldPlanes(
      protein: GrayImage(width: side, height: side, pixels: (0..<count).map { Float($0) }),
      nucleus: GrayImage(width: side, height: side, pixels: [Float](repeating: 0, count: count)),
      labels: LabelMask(width: side, height: side, labels: labels))
    let cells = FieldCropper(CropSettings(size: 30)).measure(field)
    #expect(cells.map(\.flags) == [[.dim]] && cells[0].focus == 0)
  }
}
