import ArrayFiles
import CellCrops
import Foundation
import ImageFiles
import ImageTestSupport
import Raster
import Testing

/// What is a label mask is taken as it is stored; what is none is refused, or said.
struct LabelMaskTests {
  private static let (width, height) = (40, 30)

  /// Four discs with the given labels; `other` everywhere else.
  private static func discs(_ labels: [Double], other: Double = 0) -> [Double] {
    (0..<width * height).map { index in
      let (x, y) = (index % width, index / width)
      for (number, label) in labels.enumerated() {
        let (dx, dy) = (x - (number % 2 == 0 ? 10 : 30), y - (number < 2 ? 8 : 21))
        if dx * dx + dy * dy < 30 { return label }
      }
      return other
    }
  }

  private static func read<Number: ArrayElement>(
    _ type: ElementType, shape: [Int], _ values: [[Number]]
  ) throws -> FieldMask {
    let folder = try TestFolder()
    let file = folder.path("field.npy")
    let writer = try NPYWriter(file, elementType: type, itemShape: shape)
    for value in values { try writer.append(value) }
    try writer.finish()
    return try FieldMask(
      FieldSource(URL(filePath: "/fields/field.tif")), in: folder.url, width: width, height: height)
  }

  private static func read(_ values: [Double]) throws -> FieldMask {
    let rows = (0..<height).map { Array(values[$0 * width..<($0 + 1) * width]) }
    return try read(.float64, shape: [width], rows)
  }

  private static func problem(_ body: () throws -> FieldMask) -> String? {
    (#expect(throws: ImageError.self) { try body() })?.description
  }

  @Test func labelsAreTakenAsTheyAre() throws {
    for labels in [[1.0, 2, 3, 4], [900, 3, 77, 12_000], [70_001, 70_002, 70_003, 5]] {
      let mask = try Self.read(Self.discs(labels))
      #expect(mask.mask.labels == Self.discs(labels).map { Int32($0) } && mask.remarks.isEmpty)
    }
    // Numbers that single precision does not tell apart.
    let large = [20_000_001.0, 20_000_002, 20_000_003, 2_147_483_647]
    #expect(try Set(Self.read(Self.discs(large)).mask.labels) == Set(large.map { Int32($0) } + [0]))
    // Two of four share a number, and one has a speck far away: as other tools leave them.
    #expect(try Set(Self.read(Self.discs([1, 1, 3, 4])).mask.labels) == [0, 1, 3, 4])
    var speck = Self.discs([1, 2, 3, 4])
    speck[0] = 4
    #expect(try Self.read(speck).mask.labels == speck.map { Int32($0) })
    #expect(try Self.read([Double](repeating: 1, count: 1_200)).mask.labels.allSatisfy { $0 == 1 })
  }

  @Test(arguments: [1.0, 255, 65_535, 2])
  func masksOfOneNumberFallIntoTheirPieces(value: Double) throws {
    let mask = try Self.read(Self.discs([value, value, value, value]))
    #expect(mask.mask.labels == Self.discs([1, 2, 3, 4]).map { Int32($0) })
    #expect(mask.remarks.count == 1 && mask.remarks[0].hasPrefix("the mask tells nuclei from"))
    let single = try Self.read(Self.discs([value]))
    #expect(single.mask.labels == Self.discs([value]).map { Int32($0) } && single.remarks.isEmpty)
  }

  @Test func whatIsNoLabelIsRefused() throws {
    let inverted = Self.problem { try Self.read(Self.discs([0, 0, 0, 0], other: 255)) }
    #expect(inverted?.contains("label 255 surrounds everything else") == true)
    #expect(inverted?.contains("If the mask is inverted") == true)
    let background = Self.problem { try Self.read(Self.discs([1, 2, 3, 4], other: 5)) }
    #expect(background?.contains("Save it with 0 in place of 5") == true)
    let classes = Self.problem { try Self.read(Self.discs([1, 2, 2, 1])) }
    #expect(classes?.contains("2 of 2 labels are each in several places") == true)
    for (value, words) in [
      (0.9, "If these are probabilities"), (-1, "Set what is no nucleus to 0"),
      (.nan, "is nan"), (3e9, "is 3000000000.0"),
    ] {
      let problem = Self.problem { try Self.read(Self.discs([1, 2, 3, value])) }
      #expect(problem?.contains(words) == true, "\(value): \(problem ?? "")")
    }
  }

  @Test func masksOfSeveralPlanesAndColoursAreRefused() throws {
    let labels = Self.discs([1, 2, 3, 4]).map { UInt8($0) }
    let shape = [Self.height, Self.width]
    let deep = Self.problem { try Self.read(.uint8, shape: shape, [labels, labels]) }
    #expect(deep?.contains("the mask has 2 planes, and a field's mask is one") == true)
    #expect(try Self.read(.uint8, shape: shape, [labels]).mask.labels == labels.map { Int32($0) })
    func colored(_ green: UInt8) throws -> FieldMask {
      let rows = (0..<Self.height).map { row in
        labels[row * Self.width..<(row + 1) * Self.width].flatMap {
          [$0, $0 == 3 ? green : $0, $0]
        }
      }
      return try Self.read(.uint8, shape: [Self.width, 3], rows)
    }
    #expect(try colored(3).mask.labels == labels.map { Int32($0) })
    #expect(Self.problem { try colored(9) }?.contains("the mask is a picture in colours") == true)
    let long = Self.problem {
      try Self.read(.uint8, shape: [Self.width], [[UInt8](repeating: 1, count: Self.width)])
    }
    #expect(long?.contains("the mask has 40 x 1 pixels, the field 40 x 30") == true)
  }

  @Test func aFileThatIsNearlyAMaskIsNamed() throws {
    let folder = try TestFolder()
    let field = FieldSource(URL(filePath: "/fields/field.tif"))
    for (name, words) in [
      ("field.npz", "field.npz is not read as one"), ("field_seg.npy", "a file of Cellpose's own"),
    ] {
      let sub = folder.path(name + "-folder")
      try FileManager.default.createDirectory(at: sub, withIntermediateDirectories: true)
      try Data([1]).write(to: sub.appending(path: name))
      let error = #expect(throws: ImageError.self) {
        try FieldMask(field, in: sub, width: 4, height: 4)
      }
      #expect(error?.advice?.contains(words) == true)
    }
  }
}
