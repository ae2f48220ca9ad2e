import ArrayFiles
import CellCrops
import CellSimulation
import Foundation
import ImageFiles
import ImageTestSupport
import Raster
import Testing

struct CroppedDatasetTests {
  /// Simulated fields of two proteins, with masks and tables.
  static func fields(_ folder: TestFolder) throws -> URL {
    let settings = SimulationSettings(
      patterns: [LocalizationPattern([.er]), LocalizationPattern([.nucleolus])],
      proteinsPerPattern: 1, fields: 2, seed: 6)
    let out = folder.path("simulated")
    try SimulatedFieldSet(settings, side: 256, crowding: 0.8).write(to: out)
    return out
  }

  @Test func fieldsBecomeADataSetWithTheNamesOfTheTable() throws {
    let folder = try TestFolder()
    let simulated = try Self.fields(folder)
    var listing = try FieldListing([simulated.appending(path: "fields")])
    #expect(
      listing.fields.map(\.stem) == ["ER1_f00", "ER1_f01", "NUCLEOLUS1_f00", "NUCLEOLUS1_f01"])
    let gaps = try listing.apply(table: simulated.appending(path: "fields.csv"))
    let sources = listing.fields
    #expect(gaps.fields.isEmpty && gaps.rows.isEmpty && sources[2].name == "NUCLEOLUS1")
    #expect(sources[2].grades[2] == "nucleolus_gc")
    var settings = CroppedDataset.Settings()
    settings.nucleus = "nucleus"
    settings.crops.size = 64
    settings.shardSize = 10
    settings.threads = 3
    let out = folder.path("crops")
    let outcomes = try CroppedDataset(sources, settings).write(to: out)
    let kept = outcomes.reduce(0) { $0 + $1.kept }
    #expect(kept > 10 && outcomes.allSatisfy { $0.problem == nil })
    let first = try NPYFile(out.appending(path: "Image_data00.npy"))
    #expect(first.shape == [10, 64, 64, 4])
    let labels = try CSVTable(out.appending(path: "Label_data00.csv"))
    #expect(labels.header == CroppedDataset.labelColumns)
    #expect(try labels.column("name").strings()[0] == "ER1")
    #expect(try Set(labels.column("cell").strings()).count == 10)
    settings.threads = 1
    try CroppedDataset(sources, settings).write(to: folder.path("again"))
    #expect(try TestFolder.contents(of: out) == TestFolder.contents(of: folder.path("again")))
    let pictures = try TestFolder.contents(of: out.appending(path: "overlays")).keys.sorted()
    #expect(pictures == sources.map { $0.stem + ".png" })
  }

  @Test func masksOfAnotherToolAreUsed() throws {
    let folder = try TestFolder()
    let simulated = try Self.fields(folder)
    let sources = try FieldListing([simulated.appending(path: "fields")]).fields
    var settings = CroppedDataset.Settings()
    settings.crops.edge = .pad
    // The files of the masks are called after the fields.
    let masks = folder.path("masks")
    try FileManager.default.copyItem(at: simulated.appending(path: "masks"), to: masks)
    settings.masks = masks
    let outcomes = try CroppedDataset(sources, settings).write(to: folder.path("crops"))
    let table = try CSVTable(simulated.appending(path: "fields.csv"))
    let counts = try table.column("nuclei").integers()
    #expect(outcomes.map(\.nuclei) == counts && outcomes.map(\.kept) == counts)
    let wrong = try TIFFWriter(masks.appending(path: "ER1_f00.tif"))
    try wrong.append([UInt16](repeating: 1, count: 100), width: 10, height: 10)
    try wrong.finish()
    let again = try CroppedDataset(sources, settings).write(to: folder.path("again"))
    #expect(again[0].problem?.contains("the mask has 10 x 10 pixels") == true)
    #expect(again[1].problem == nil)
  }

  @Test func badFieldsDoNotStopTheOthers() throws {
    let folder = try TestFolder()
    let fields = try Self.fields(folder).appending(path: "fields")
    try Data("no picture".utf8).write(to: fields.appending(path: "A_text.tif"))
    try Data().write(to: fields.appending(path: "B_empty.tif"))
    let sources = try FieldListing([fields]).fields
    let outcomes = try CroppedDataset(sources).write(to: folder.path("crops"))
    #expect(outcomes.count == 6)
    #expect(outcomes[0].problem?.contains("this is no TIFF file") == true)
    #expect(outcomes[1].problem?.contains("the file is empty") == true)
    #expect(outcomes[2...].allSatisfy { $0.problem == nil })
    let only = CroppedDataset([sources[0]])
    #expect(throws: ImageError.self) { try only.write(to: folder.path("none")) }
    #expect(!FileManager.default.fileExists(atPath: folder.path("none").path))
    #expect(!FileManager.default.fileExists(atPath: folder.path(".none.partial").path))
  }

  @Test func anInterruptedRunGoesOnAndGivesTheSameBytes() throws {
    struct Stop: Error {}
    let folder = try TestFolder()
    let sources = try FieldListing([try Self.fields(folder).appending(path: "fields")]).fields
    var settings = CroppedDataset.Settings()
    settings.crops.size = 64
    settings.shardSize = 9
    settings.threads = 2
    let whole = folder.path("whole")
    try CroppedDataset(sources, settings).write(to: whole)
    let out = folder.path("crops")
    for stop in 1...3 {
      var seen = 0
      #expect(throws: Stop.self) {
        try CroppedDataset(sources, settings).write(to: out) { event in
          if case .continued(let fields) = event { #expect(fields == stop - 1) }
          guard case .field = event else { return }
          seen += 1
          throw Stop()
        }
      }
      #expect(seen == 1 && !FileManager.default.fileExists(atPath: out.path))
    }
    // A process that was killed may have written more than the journal tells, and half a line of it.
    let left = folder.path(".crops.partial")
    let open = try #require(
      TestFolder.contents(of: left).keys.first { $0.hasSuffix(".npy.partial") })
    for name in ["journal.jsonl", open] {
      let file = left.appending(path: name)
      let handle = try FileHandle(forWritingTo: file)
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("{\"fields\":4".utf8))
      try handle.close()
    }
    let outcomes = try CroppedDataset(sources, settings).write(to: out)
    #expect(outcomes.count == 4)
    #expect(try TestFolder.contents(of: out) == TestFolder.contents(of: whole))
    #expect(!FileManager.default.fileExists(atPath: left.path))
  }

  @Test func aRunOfOtherSettingsStartsAnew() throws {
    struct Stop: Error {}
    let folder = try TestFolder()
    let sources = try FieldListing([try Self.fields(folder).appending(path: "fields")]).fields
    var settings = CroppedDataset.Settings()
    settings.crops.size = 64
    let out = folder.path("crops")
    #expect(throws: Stop.self) {
      try CroppedDataset(sources, settings).write(to: out) { _ in throw Stop() }
    }
    settings.crops.size = 48
    try CroppedDataset(sources, settings).write(to: out) { event in
      if case .continued = event { Issue.record("nothing of the other run can be used") }
    }
    #expect(try NPYFile(out.appending(path: "Image_data00.npy")).shape[1] == 48)
  }

  @Test func equalSettingsGiveEqualBytes() throws {
    // A set's order differs from process to process; an interrupted run compares bytes.
    var settings = CropSettings(dropped: Set(CropFlag.allCases.reversed()))
    settings.pixelSize = 0.3
    let data = try JSONEncoder().encode(settings)
    struct Flags: Decodable { let dropped: [CropFlag] }
    #expect(try JSONDecoder().decode(Flags.self, from: data).dropped == CropFlag.allCases)
    #expect(try JSONDecoder().decode(CropSettings.self, from: data) == settings)
  }

  @Test func settingsAreTakenFromADataSet() throws {
    let folder = try TestFolder()
    let sources = try FieldListing([try Self.fields(folder).appending(path: "fields")]).fields
    var settings = CroppedDataset.Settings()
    settings.projection = .slice(0)
    settings.nuclei = NucleusSettings(threshold: .li, sensitivity: 0.9)
    settings.nuclei.micrometers = 9.5
    settings.crops = CropSettings(
      size: 60, edge: .pad, scaling: .plate, lowPercentile: 1, blanksNeighbors: true,
      dropped: [.debris, .cut])
    settings.crops.pixelSize = 0.25
    settings.extras = ["protein"]
    settings.shardSize = 7
    let out = folder.path("crops")
    try CroppedDataset(sources, settings).write(to: out)
    #expect(try CroppedDataset.Settings(of: out) == settings)
    let none = #expect(throws: ImageError.self) { try CroppedDataset.Settings(of: folder.url) }
    #expect(none?.kind == .missingInput)
    try Data("{}".utf8).write(to: out.appending(path: "manifest.json"))
    let other = #expect(throws: ImageError.self) { try CroppedDataset.Settings(of: out) }
    #expect(other?.kind == .badData)
  }

  @Test func fieldsAreResampledAndPositionsStayThoseOfTheFile() throws {
    let folder = try TestFolder()
    let sources = try FieldListing([try Self.fields(folder).appending(path: "fields")]).fields
    func places(_ change: (inout CroppedDataset.Settings) -> Void) throws -> [SIMD2<Double>] {
      var settings = CroppedDataset.Settings()
      settings.crops.edge = .pad
      settings.nuclei.micrometers = 9
      change(&settings)
      let out = folder.path("crops-\(UUID().uuidString)")
      try CroppedDataset([sources[0]], settings).write(to: out)
      let labels = try CSVTable(out.appending(path: "Label_data00.csv"))
      let (x, y) = (try labels.column("x").doubles(), try labels.column("y").doubles())
      return zip(x, y).map { SIMD2($0, $1) }
    }
    let own = try places { $0.crops.size = 64 }
    // Half as many pixels along each side, of twice the size.
    let half = try places {
      $0.fieldPixelSize = 0.2
      $0.crops.pixelSize = 0.4
      $0.crops.size = 32
    }
    #expect(own.count > 5 && abs(own.count - half.count) <= own.count / 10)
    let near = own.filter { place in
      half.contains { max(abs($0.x - place.x), abs($0.y - place.y)) < 1.5 }
    }
    #expect(near.count >= own.count * 9 / 10, "\(near.count) of \(own.count)")
  }

  @Test func sizesOfPixelsThatAreNeededMustBeKnown() throws {
    let folder = try TestFolder()
    try FieldListingTests.write(folder, ["a.tif"])
    let sources = try FieldListing([folder.url]).fields
    var settings = CroppedDataset.Settings()
    settings.nucleus = "0"
    settings.crops.pixelSize = 0.3
    let error = #expect(throws: ImageError.self) {
      try CroppedDataset(sources, settings).write(to: folder.path("out"))
    }
    #expect(error?.problem.contains("the file does not tell the size of its pixels") == true)
    settings.crops.pixelSize = nil
    settings.nuclei.micrometers = 12
    #expect(throws: ImageError.self) {
      try CroppedDataset(sources, settings).preview(to: folder.path("look.png"))
    }
    (settings.fieldPixelSize, settings.crops.pixelSize) = (1_000, 0.001)
    let huge = #expect(throws: ImageError.self) {
      try CroppedDataset(sources, settings).preview(to: folder.path("look.png"))
    }
    #expect(huge?.problem.contains("it would have 4000000 x 4000000") == true)
  }

  @Test func thePlateDecidesGreyValuesWhenAsked() throws {
    let folder = try TestFolder()
    var sources = try FieldListing([try Self.fields(folder).appending(path: "fields")]).fields
    for index in sources.indices { sources[index].plate = index < 3 ? "P1" : "P2" }
    var settings = CroppedDataset.Settings()
    settings.crops.size = 64
    (settings.crops.scaling, settings.crops.lowPercentile) = (.plate, 0)
    settings.crops.highPercentile = 100
    let out = folder.path("crops")
    try CroppedDataset(sources, settings).write(to: out)
    let labels = try CSVTable(out.appending(path: "Label_data00.csv"))
    let plates = try labels.column("plate").strings()
    let highs = try labels.column("protein_high").doubles()
    var true1 = 0.0
    for source in sources[0..<3] {
      true1 = max(true1, Double(try FieldImage(source).plane("0").pixels.max() ?? 0))
    }
    #expect(Set(zip(plates, highs).filter { $0.0 == "P1" }.map(\.1)) == [true1])
    #expect(Set(highs).count == 2)
    let table = try CSVTable(out.appending(path: "plates.csv"))
    #expect(try table.column("plate").strings() == ["P1", "P2"])
    #expect(try table.column("fields").integers() == [3, 1])
  }

  @Test func aFieldThatIsThereTwiceIsUsedOnce() throws {
    let folder = try TestFolder()
    let fields = try Self.fields(folder).appending(path: "fields")
    try FileManager.default.copyItem(
      at: fields.appending(path: "ER1_f00.ome.tif"), to: fields.appending(path: "copy.ome.tif"))
    let outcomes = try CroppedDataset(try FieldListing([fields]).fields)
      .write(to: folder.path("crops"))
    // Code points put ER1 before copy.
    #expect(outcomes.map { $0.problem == nil } == [true, true, true, true, false])
    #expect(outcomes[4].problem == "the field has the same picture as ER1_f00")
    #expect(outcomes[4].kept == 0)
  }

  @Test func masksMayBePNGOrArraysAndAreComparedWithFoundNuclei() throws {
    let folder = try TestFolder()
    let simulated = try Self.fields(folder)
    let source = try FieldListing([simulated.appending(path: "fields")]).fields[0]
    let truth = simulated.appending(path: "masks/ER1_f00.tif")
    let masks = folder.path("masks")
    try FileManager.default.createDirectory(at: masks, withIntermediateDirectories: true)
    let labels = try TIFFReader(truth).read(page: 0)
    let array = try NPYWriter(
      masks.appending(path: "ER1_f00_cp_masks.npy"), elementType: .int64, itemShape: [256])
    try array.append(labels.pixels.map { Int64($0) })
    try array.finish()
    var settings = CroppedDataset.Settings()
    settings.masks = masks
    settings.referenceMasks = simulated.appending(path: "masks")
    let out = folder.path("crops")
    let outcome = try CroppedDataset([source], settings).write(to: out)[0]
    #expect(outcome.scores.allSatisfy { $0.precision == 1 && $0.recall == 1 })
    let table = try CSVTable(out.appending(path: "mask_scores.csv"))
    #expect(try table.column("field").strings().last == "all" && table.rowCount == 20)
    settings.masks = folder.url
    let none = CroppedDataset([source], settings)
    let error = #expect(throws: ImageError.self) { try none.preview(to: folder.path("a.png")) }
    #expect(error?.problem == "there is no mask of field ER1_f00")
    #expect(error?.kind == .missingInput)
  }

  @Test func masksOfEveryKindOfFileAreRead() throws {
    let folder = try TestFolder()
    let (width, height) = (37, 29)
    let field = try TIFFWriter(folder.path("x.tif"))
    for _ in 0..<2 {
      try field.append(
        (0..<width * height).map { UInt16($0 % 500) }, width: width, height: height)
    }
    try field.finish()
    let source = try FieldListing([folder.path("x.tif")]).fields[0]
    let array = try NPYWriter(
      folder.path("array.npy"), elementType: .uint16, itemShape: [width])
    try array.append(ImageFixture.page { $0 * 200 }.map { UInt16($0) })
    try array.finish()
    var settings = CroppedDataset.Settings()
    (settings.crops.size, settings.crops.edge) = (16, .pad)
    for (mask, name) in [
      (ImageFixture.fixture("u16_big.tif"), "x.tif"),
      (ImageFixture.fixture("u16.png"), "x_cp_masks.png"),
      (folder.path("array.npy"), "x_masks.npy"),
    ] {
      let masks = folder.path("masks-" + name)
      try FileManager.default.createDirectory(at: masks, withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: mask, to: masks.appending(path: name))
      settings.masks = masks
      let outcome = try CroppedDataset([source], settings).preview(to: folder.path("look.png"))
      #expect(outcome.nuclei == Set(ImageFixture.page()).subtracting([0]).count, "\(name)")
    }
    let broken = try NPYWriter(
      folder.path("array.npy"), elementType: .float32, itemShape: [width])
    try broken.append([Float](repeating: 0.5, count: width * height))
    try broken.finish()
    let masks = folder.path("masks-float")
    try FileManager.default.createDirectory(at: masks, withIntermediateDirectories: true)
    try FileManager.default.moveItem(
      at: folder.path("array.npy"), to: masks.appending(path: "x.npy"))
    settings.masks = masks
    let error = #expect(throws: ImageError.self) {
      try CroppedDataset([source], settings).preview(to: folder.path("look.png"))
    }
    #expect(
      error?.problem
        == "labels of a mask are whole numbers from 0 to 2,147,483,647, and the pixel at "
        + "column 0, row 0 is 0.5")
  }

  @Test func collidingNamesAndEmptyFoldersAreRefused() throws {
    let folder = try TestFolder()
    for name in ["a", "b"] {
      let sub = folder.path(name)
      try FileManager.default.createDirectory(at: sub, withIntermediateDirectories: true)
    }
    let empty = #expect(throws: ImageError.self) { try FieldListing([folder.path("a")]) }
    #expect(empty?.kind == .missingInput)
    for name in ["a", "b"] { try Data([1]).write(to: folder.path(name).appending(path: "x.tif")) }
    let error = #expect(throws: ImageError.self) {
      try FieldListing([folder.path("a"), folder.path("b")])
    }
    #expect(error?.problem == "two fields are called x")
    let missing = #expect(throws: ImageError.self) { try FieldListing([folder.path("none")]) }
    #expect(missing?.kind == .missingInput)
  }
}
