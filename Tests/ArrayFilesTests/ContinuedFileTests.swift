import ArrayFiles
import Foundation
import Testing

/// Files that one process leaves and another takes up.
@Suite struct ContinuedFileTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func arraysAndTablesAreTakenUpWhereTheyWereSynced() throws {
    let (array, table) = (try scratch.file("a.npy"), try scratch.file("t.csv"))
    let items = try NPYWriter(array, elementType: .float32, itemShape: [2])
    let rows = try CSVWriter(table, header: ["a", "b"])
    try items.append([1, 2, 3, 4])
    try rows.append(["1", "x,y"])
    let (count, length) = (try items.checkpoint(), try rows.checkpoint())
    #expect(count == 2)
    // What comes after the checkpoint may or may not reach the disk; it is written again.
    try items.append([9, 9])
    try rows.append(["9", "9"])
    _ = try items.checkpoint()
    items.leave()
    rows.leave()
    #expect(try scratch.names() == ["a.npy.partial", "t.csv.partial"])
    let moreItems = try NPYWriter(
      array, elementType: .float32, itemShape: [2], continuingAt: count)
    try moreItems.append([5, 6])
    try moreItems.finish()
    let moreRows = try CSVWriter(table, columnCount: 2, continuingAt: length)
    try moreRows.append(["2", "z"])
    try moreRows.finish()
    #expect(try NPYFile(array).floats() == [1, 2, 3, 4, 5, 6])
    #expect(try String(contentsOf: table, encoding: .utf8) == "a,b\n1,\"x,y\"\n2,z\n")
  }

  @Test func aFinishedFileIsTakenUpToo() throws {
    let array = try scratch.file("a.npy")
    let items = try NPYWriter(array, elementType: .uint8, itemShape: [1])
    try items.append([1, 2, 3 as UInt8])
    try items.finish()
    let more = try NPYWriter(array, elementType: .uint8, itemShape: [1], continuingAt: 2)
    #expect(try scratch.names() == ["a.npy.partial"])
    try more.append([7 as UInt8])
    try more.finish()
    #expect(try NPYFile(array).floats() == [1, 2, 7])
  }

  @Test func aFileThatIsShorterThanItWasIsRefused() throws {
    let url = try scratch.file("a.npy.partial", [1, 2, 3])
    let error = #expect(throws: ArrayFileError.self) {
      try AtomicFile(url.deletingPathExtension(), continuingAt: 4)
    }
    #expect(error?.problem == "has 3 bytes where 4 were written")
    let none = #expect(throws: ArrayFileError.self) {
      try AtomicFile(scratch.file("b.npy"), continuingAt: 0)
    }
    #expect(none?.kind == .missingInput || none?.kind == .inputOutput)
  }
}
