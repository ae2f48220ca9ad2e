import ArrayFiles
import CellData
import Foundation
import Testing

/// Labels that are missing, odd or repeated, and what is made of the columns they are in.
@Suite struct OddLabelTests {
  /// Three proteins of eighteen cells in the sample layout, with labels that a closure makes.
  private func sample(_ row: (String, Int) -> [String]) throws -> CellDataSet {
    let folder = try TestFolder()
    for name in ["ACTB", "LMNB1", "NPM1"] {
      for channel in ["pro", "nuc"] {
        try NPY.write(
          (0..<18 * 9).map { Float($0) / 200 }, shape: [18, 3, 3],
          to: folder.file("\(name)_\(channel).npy"))
      }
      try folder.writeStrings("\(name)_label.npy", (0..<18).map { row(name, $0) })
    }
    return try CellDataSet(folder.url)
  }

  private func labels(_ name: String, _ cell: Int) -> [String] {
    ["ENSG_\(name)", name, "\(name)_f\(cell / 6)"]
  }

  @Test(arguments: ["", "nan", "NaN", "NA", "None", " ", "<NA>"])
  func aMissingLabelChangesNoColumn(_ word: String) throws {
    for column in 0..<3 {
      let data = try sample { name, cell in
        var row = labels(name, cell)
        if cell == 4 { row[column] = word }
        return row
      }
      #expect(data.labels.names == ["ensg", "name", "fov"])
      #expect(data.labelColumn?.name == "name" && data.fieldColumn?.name == "fov")
      let book = try data.labelBook()
      #expect(book.classes == ["ACTB", "LMNB1", "NPM1"])
      #expect(book.labels.count { $0 < 0 } == (column == 1 ? 3 : 0))
      #expect(data.warnings.map(\.kind) == [[], ["empty_labels"], ["missing_fields"]][column])
      if column == 1 {
        #expect(data.warnings[0].what.hasPrefix("3 cells of 54 have no value"))
        let split = try Split(data, book: book)
        #expect(split.parts(count: 54).count { $0 == nil } == 3)
        #expect(
          cellDataError { _ = try data.labelBook(load: [word]) }
            == .unknownProteins(names: [word], column: "name"))
      }
    }
  }

  @Test func oneOddLabelChangesNoColumn() throws {
    for (column, word) in [(0, "unknown"), (1, "LMNB2"), (2, "shared")] {
      let data = try sample { name, cell in
        var row = labels(name, cell)
        if cell == 4 { row[column] = word }
        return row
      }
      #expect(data.labels.names == ["ensg", "name", "fov"], "\(word)")
      #expect(data.notes.contains("proteins are identified by column name (by its name)"))
      #expect(data.notes.contains("fields of view are identified by column fov"))
    }
  }

  @Test func whiteSpaceMakesNoClass() throws {
    let data = try sample { name, cell in
      var row = labels(name, cell)
      if cell % 2 == 0 { row[1] += " " }
      return row
    }
    #expect(try data.labelBook().classes == ["ACTB", "LMNB1", "NPM1"])
    #expect(data.warnings.map(\.kind) == ["white_space"])
    #expect(data.warnings[0].what == "27 labels with white space at the ends")
  }

  @Test func namesOtherThanTheFilesAreFoundBesideEnsembl() throws {
    let greek = ["ACTB": "β-actin", "LMNB1": "Lamin\u{A0}B1", "NPM1": "NPM1′"]
    let data = try sample { name, cell in ["ENSG_\(name)", greek[name] ?? "", "f\(cell / 6)"] }
    #expect(data.labels.names == ["ensg", "name", "column2"])
    #expect(data.labelColumn?.values == ["β-actin", "Lamin\u{A0}B1", "NPM1′"])
  }

  private func array(_ table: String, cells: Int = 6) throws -> CellDataSet {
    let folder = try TestFolder()
    try NPY.write(
      (0..<cells * 9).map { UInt8($0) }, shape: [cells, 3, 3], to: folder.file("cells.npy"))
    try folder.write(table, to: "cells.csv")
    return try CellDataSet(folder.file("cells.npy"))
  }

  @Test func likelyColumnsThatArePassedOverAreSaid() throws {
    let data = try array(
      "name,gene,field\nc0,A,\nc1,A,\nc2,B,\nc3,B,\nc4,C,\nc5,C,\n")
    #expect(data.labelColumn?.name == "gene" && data.fieldColumn == nil)
    #expect(data.warnings.map(\.kind) == ["passed_over"])
    #expect("\(data.warnings[0])".contains("column name: by its name it says the protein, but"))
  }

  @Test func repeatedColumnsAndIdsAreSaid() throws {
    let data = try array("cell,name,name\na,A,X\na,A,X\nb,A,Y\nc,B,Y\nd,B,Z\nNA,B,Z\n")
    #expect(data.labels.names == ["cell", "name", "name.1"])
    #expect(data.labelColumn?.values == ["A", "B"])
    #expect(data.warnings.map(\.kind) == ["repeated_column", "duplicate_ids"])
    #expect(data.warnings.map(\.concernsTable) == [true, true])
    #expect(data.cell(1) == "cells:1")
  }

  @Test func aTableWithoutAHeaderIsToldApart() throws {
    #expect {
      _ = try array("A,f0\nA,f0\nA,f1\nB,f2\nB,f2\nB,f3\n")
    } throws: { error in
      "\(error)".contains("5 rows") && "\(error)".contains("6 crops")
        && "\(error)".contains("the first line is taken for the names of columns")
    }
  }
}
