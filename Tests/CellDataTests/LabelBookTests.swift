import ArrayFiles
import CellData
import Foundation
import Testing

@Suite struct LabelBookTests {
  func made() throws -> CellDataSet {
    let folder = try TestFolder()
    let url = folder.file("cells.npy")
    try NPY.write([UInt8](repeating: 1, count: 6 * 9), shape: [6, 3, 3], to: url)
    try folder.write(
      "gene,where,batch\nb,n,1\na,n,1\nB,c,2\né,c,2\na,n,2\nb,c,1\n", to: "cells.csv")
    return try CellDataSet(url)
  }

  @Test func classesAreSortedByCodePoints() throws {
    let data = try made()
    let book = try data.labelBook()
    #expect(book.classes == ["B", "a", "b", "é"])
    #expect(book.labels == [2, 1, 0, 3, 1, 2])
    #expect(book.counts == [1, 2, 2, 1])
    #expect(book.column == "gene")
  }

  @Test func listsAndTheMaximumChooseProteins() throws {
    let data = try made()
    #expect(try data.labelBook(load: ["a", "é"]).labels == [-1, 0, -1, 1, 0, -1])
    let held = try data.labelBook(hold: ["a"])
    #expect(held.classes == ["B", "b", "é"])
    #expect(held.rows == [0, 2, 3, 5])
    #expect(try data.labelBook(hold: ["B"], maximum: 2).classes == ["a", "b"])
    #expect(
      cellDataError { _ = try data.labelBook(load: ["a", "zz"]) }
        == .unknownProteins(names: ["zz"], column: "gene"))
  }

  @Test func aBookAppliesToOtherData() throws {
    let data = try made()
    let column = try data.labels.column("gene")
    let book = LabelBook(column: column, classes: ["é", "b", "q"])
    #expect(book.labels == [1, -1, -1, 0, -1, 1])
    #expect(book.counts == [1, 2, 0])
  }

  @Test func columnsGoByNameAndNumber() throws {
    let table = try made().labels
    #expect(try table.column("where").name == "where")
    #expect(try table.column("Where").name == "where")
    #expect(try table.column("1").name == "where")
    #expect(try table.column("-1").name == "batch")
    for wrong in ["3", "-4", "protein"] {
      #expect(
        cellDataError { _ = try table.column(wrong) }
          == .unknownColumn(name: wrong, available: ["gene", "where", "batch"]))
    }
    #expect(
      CellDataError.unknownColumn(name: "x", available: table.names).description
        == "column x: no such label column. There are 0 gene, 1 where, 2 batch; give a name or a "
        + "number.")
  }

  @Test func aTaskNeedsTwoClassesOfTwoCells() throws {
    let data = try made()
    #expect(
      cellDataError { try data.labelBook(load: ["a"]).checkPretextTask() }
        == .oneClass(column: "gene", value: "a"))
    #expect(
      cellDataError { try data.labelBook().checkPretextTask() }
        == .classesWithOneCell(column: "gene", classes: ["B", "é"]))
    try data.labelBook(load: ["a", "b"]).checkPretextTask()
  }

  @Test func aRunningNumberIsNotTakenForTheProtein() throws {
    let folder = try TestFolder()
    let url = folder.file("cells.npy")
    try NPY.write([UInt8](repeating: 1, count: 4 * 9), shape: [4, 3, 3], to: url)
    try folder.write(
      "index,file,well,treatment\n0,a,A01,x\n1,b,A01,x\n2,c,B01,y\n3,d,B01,x\n", to: "labels.csv")
    let data = try CellDataSet(url)
    #expect(data.labelColumn?.name == "well")
    #expect(data.notes.contains { $0.contains("column well (the first column that groups cells)") })
    let chosen = try CellDataSet(url, options: CellDataOptions(labelColumn: "treatment"))
    #expect(try chosen.labelBook().classes == ["x", "y"])
  }
}
