import ArrayFiles
import CellImages
import Foundation
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
    var sources = try FieldSource.list([simulated.appending(path: "fields")])
    #expect(sources.map(\.stem) == ["ER1_f00", "ER1_f01", "NUCLEOLUS1_f00", "NUCLEOLUS1_f01"])
    let unmatched = try FieldSource.apply(
      table: simulated.appending(path: "fields.csv"), to: &sources)
    #expect(unmatched.isEmpty && sources[2].name == "NUCLEOLUS1")
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
    #expect(
      try TestFolder.contents(of: out) == TestFolder.contents(of: folder.path("again")))
  }

  @Test func masksOfAnotherToolAreUsed() throws {
    let folder = try TestFolder()
    let simulated = try Self.fields(folder)
    let sources = try FieldSource.list([simulated.appending(path: "fields")])
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
    let sources = try FieldSource.list([fields])
    let outcomes = try CroppedDataset(sources).write(to: folder.path("crops"))
    #expect(outcomes.count == 6)
    #expect(outcomes[0].problem?.contains("this is no TIFF file") == true)
    #expect(outcomes[1].problem?.contains("the file is empty") == true)
    #expect(outcomes[2...].allSatisfy { $0.problem == nil })
    let only = CroppedDataset([sources[0]])
    #expect(throws: ImageError.self) { try only.write(to: folder.path("none")) }
    #expect(!FileManager.default.fileExists(atPath: folder.path("none").path))
  }

  @Test func collidingNamesAndEmptyFoldersAreRefused() throws {
    let folder = try TestFolder()
    for name in ["a", "b"] {
      let sub = folder.path(name)
      try FileManager.default.createDirectory(at: sub, withIntermediateDirectories: true)
    }
    let empty = #expect(throws: ImageError.self) { try FieldSource.list([folder.path("a")]) }
    #expect(empty?.kind == .missingInput)
    for name in ["a", "b"] { try Data([1]).write(to: folder.path(name).appending(path: "x.tif")) }
    let error = #expect(throws: ImageError.self) {
      try FieldSource.list([folder.path("a"), folder.path("b")])
    }
    #expect(error?.problem == "two fields are called x")
    let missing = #expect(throws: ImageError.self) { try FieldSource.list([folder.path("none")]) }
    #expect(missing?.kind == .missingInput)
  }
}
