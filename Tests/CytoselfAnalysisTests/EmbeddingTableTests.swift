import ArrayFiles
import CytoselfAnalysis
import Foundation
import Testing

@Suite struct EmbeddingTableTests {
  /// A folder as `embed` writes it.
  private func folder(rows: Int = 4) throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "embeddings-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try NPY.write(
      (0..<24).map { Float($0) }, shape: [4, 2, 3], to: folder.appending(path: "vqvec2.npy"))
    try NPY.write(
      (0..<8).map { Int32($0) }, shape: [4, 2], to: folder.appending(path: "vqind1.npy"))
    let table = try CSVWriter(
      folder.appending(path: "cells.csv"),
      header: ["cell", "protein", "FOV_id", "split", "source", "row"])
    for row in 0..<rows {
      try table.append(["c\(row)", "p\(row % 2)", "f\(row)", "train", "a.npy", "\(row)"])
    }
    try table.finish()
    return folder
  }

  @Test func readsLayersAndLabels() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let table = try EmbeddingTable(folder)
    #expect(table.layers == ["vqind1", "vqvec2"])
    let main = try table.layer()
    #expect(main.layer == "vqvec2" && main.rows == 4 && main.columns == 6)
    #expect(try main.matrix(rows: [3, 1]).values == [18, 19, 20, 21, 22, 23, 6, 7, 8, 9, 10, 11])
    #expect(try table.layer("vqind1").matrix().values == (0..<8).map { Float($0) })
    #expect(table.ids(rows: 4) == ["c0", "c1", "c2", "c3"])
    #expect(try table.labels("protein") == ["p0", "p1", "p0", "p1"])
    #expect(table.labelColumns == ["protein", "FOV_id"])
    #expect(table.fieldColumn == "FOV_id")
    #expect(table.split == ["train", "train", "train", "train"])
  }

  @Test func readsABareArray() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let table = try EmbeddingTable(folder.appending(path: "vqvec2.npy"))
    #expect(try table.layer().rows == 4)
    #expect(table.ids(rows: 2) == ["0", "1"])
    #expect(table.split == nil)
    #expect(throws: AnalysisError.self) { try table.labels("protein") }
  }

  @Test func saysWhatIsWrong() throws {
    let folder = try folder(rows: 3)
    defer { try? FileManager.default.removeItem(at: folder) }
    let table = try EmbeddingTable(folder)
    #expect {
      try table.layer()
    } throws: { error in
      "\(error)".contains("found 3, expected 4") && (error as? AnalysisError)?.kind == .badData
    }
    #expect {
      try table.layer("vqvec1")
    } throws: { error in
      "\(error)".contains("--layer is vqvec1; expected one of vqind1, vqvec2")
    }
    #expect {
      try table.labels("proteins")
    } throws: { error in
      "\(error)".contains("has no column 'proteins'; its columns are cell, protein")
    }
    #expect {
      try EmbeddingTable(folder.appending(path: "nothing"))
    } throws: { error in (error as? AnalysisError)?.kind == .missingInput }
    try FileManager.default.removeItem(at: folder.appending(path: "cells.csv"))
    #expect {
      try EmbeddingTable(folder)
    } throws: { error in "\(error)".contains("cells.csv does not exist") }
  }

  @Test func messagesTellWhatToDo() {
    let errors: [AnalysisError] = [
      .badOption(name: "--neighbors", value: "0", expected: "at least 1"),
      .missing(path: "/x", advice: "Do this."),
      .badFile(path: "/x", problem: "empty", expected: "rows"),
      .notFinite(source: "x.npy", rows: [1, 2], count: 12),
      .noDirection(source: "x.npy", row: 1, metric: "cosine"),
      .noDirection(source: "x.npy", row: 1, metric: "correlation"),
      .tooFew(what: "cells", found: 0, needed: 1, advice: "Embed more."),
      .unknownColumn(name: "a", path: "/x", columns: ["b"]),
      .mismatch(what: "rows", found: 1, expected: 2, advice: "Embed again."),
    ]
    #expect(errors.allSatisfy { $0.description.hasSuffix(".") })
    #expect(errors[3].description.contains("rows 1, 2 and 10 more"))
    #expect(errors.map(\.kind).contains(.usage))
  }
}
