import ArrayFiles
import CytoselfAnalysis
import Foundation
import Testing

@Suite struct UMAPMapFileTests {
  private func folder() -> URL {
    FileManager.default.temporaryDirectory.appending(path: "map-\(UUID().uuidString)")
  }

  private func fitted(epochs: Int = 20) throws -> UMAPMap {
    var settings = UMAPSettings()
    settings.epochs = epochs
    return try UMAP(settings).fit(randomMatrix(rows: 60, columns: 5, seed: 3))
  }

  @Test func aSavedMapIsTheSameMap() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let map = try fitted()
    try map.save(to: folder)
    let opened = try UMAPMap(folder: folder)
    #expect(opened == map)
    let queries = randomMatrix(rows: 7, columns: 5, seed: 4)
    #expect(try opened.transform(queries) == map.transform(queries))
    // Saving again replaces the map and leaves nothing beside it.
    try fitted(epochs: 10).save(to: folder)
    #expect(try UMAPMap(folder: folder) != map)
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.deletingLastPathComponent().path)
    #expect(!names.contains { $0.contains(folder.lastPathComponent) && $0.hasSuffix(".partial") })
  }

  @Test func aReductionIsSavedWithTheMap() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let wide = randomMatrix(rows: 80, columns: 30, seed: 6)
    let reduction = PrincipalComponents(wide, count: 4)
    var settings = UMAPSettings()
    settings.epochs = 10
    var map = try UMAP(settings).fit(reduction.transform(wide))
    map.reduction = reduction
    try map.save(to: folder)
    let opened = try UMAPMap(folder: folder)
    #expect(opened == map)
    #expect(try opened.transform(wide).rows == 80)
    #expect(throws: AnalysisError.self) {
      try opened.transform(randomMatrix(rows: 3, columns: 29, seed: 1))
    }
  }

  @Test func damagedMapsAreRefused() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect {
      try UMAPMap(folder: folder)
    } throws: { error in (error as? AnalysisError)?.kind == .missingInput }
    try fitted().save(to: folder)
    let file = folder.appending(path: "map.json")
    let whole = try Data(contentsOf: file)
    try Data("{".utf8).write(to: file)
    #expect {
      try UMAPMap(folder: folder)
    } throws: { error in "\(error)".contains("cannot be read as a map") }
    try whole.write(to: file)
    try NPY.write(
      [Float](repeating: 0, count: 8), shape: [4, 2], to: folder.appending(path: "positions.npy"))
    #expect {
      try UMAPMap(folder: folder)
    } throws: { error in "\(error)".contains("do not belong together") }
  }
}
