import ArrayFiles
import CellData
import Foundation
import Testing

/// Everything that can be wrong with files: a typed error that names the file, and never a crash.
@Suite struct BadDataTests {
  func text(_ url: URL) -> String { url.path(percentEncoded: false) }

  func expectError(
    _ url: URL, _ kind: FailureKind, names file: String, says phrase: String,
    options: CellDataOptions = CellDataOptions(), sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = cellDataError { _ = try CellDataSet(url, options: options) }
    #expect(error?.kind == kind, sourceLocation: sourceLocation)
    let text = error?.description ?? "no error"
    #expect(text.contains(file), "\(text)", sourceLocation: sourceLocation)
    #expect(text.contains(phrase), "\(text)", sourceLocation: sourceLocation)
  }

  @Test func nothingThere() throws {
    let folder = try TestFolder()
    expectError(
      folder.file("nowhere"), .missingInput, names: "nowhere", says: "no such file or folder")
    expectError(folder.url, .badData, names: folder.url.lastPathComponent, says: "it is empty")
    try folder.write("hello", to: "notes.txt")
    expectError(folder.url, .badData, names: "notes.txt", says: "Expected <name>_pro.npy")
    for name in ["a.npy", "b.npy"] {
      try NPY.write([1 as Float], shape: [1, 1, 1], to: folder.file(name))
    }
    expectError(folder.url, .badData, names: "a.npy, b.npy", says: "give a single .npy")
  }

  @Test func filesThatAreNoArrays() throws {
    let folder = try TestFolder()
    let url = folder.file("cells.npy")
    try folder.write("", to: "cells.npy")
    expectError(url, .badData, names: "cells.npy", says: "the file is empty")
    try folder.write("this is no array at all, only text", to: "cells.npy")
    expectError(url, .badData, names: "cells.npy", says: "is not an npy file")
    // Cut at every length: never a crash, always an error.
    try NPY.write([UInt8](repeating: 7, count: 50), shape: [2, 5, 5], to: url)
    let whole = try Data(contentsOf: url)
    for length in 0..<whole.count {
      try whole.prefix(length).write(to: url)
      let error = cellDataError { _ = try CellDataSet(url) }
      #expect(error?.kind == .badData, "\(length) bytes")
    }
  }

  @Test func arraysThatAreNoImages() throws {
    let folder = try TestFolder()
    let url = folder.file("cells.npy")
    try NPY.write([Int32](repeating: 7, count: 50), shape: [2, 5, 5], to: url)
    expectError(url, .badData, names: "cells.npy", says: "elements are int32; images must be")
    try NPY.write([Float](repeating: 7, count: 50), shape: [2, 25], to: url)
    expectError(url, .badData, names: "cells.npy", says: "shape [2, 25]; expected [crops, height")
    try NPY.write([Float](repeating: 7, count: 32), shape: [2, 2, 2, 2, 2], to: url)
    expectError(url, .badData, names: "cells.npy", says: "shape [2, 2, 2, 2, 2]")
    try NPY.write([Float](), shape: [0, 5, 5], to: url)
    expectError(url, .badData, names: "cells.npy", says: "no crops")
    try NPY.write([Float](), shape: [3, 0, 5], to: url)
    expectError(url, .badData, names: "cells.npy", says: "at least one pixel")
    try folder.writeStrings("cells.npy", [["a", "b"]])
    expectError(url, .badData, names: "cells.npy", says: "text")
  }

  @Test func labelsThatDoNotMatch() throws {
    let made = try ReleasedData([[4], [4]])
    try made.folder.write("ensg,name,FOV_id\nE,P0,1\nE,P0,1\n", to: "Label_data00.csv")
    expectError(
      made.folder.url, .badData, names: "Label_data00.csv: 2 rows", says: "Image_data00.npy has 4")
    try made.folder.write("name\nP0\nP0\nP0\nP0\n", to: "Label_data00.csv")
    expectError(
      made.folder.url, .badData, names: "Label_data01.csv", says: "columns ensg, name, FOV_id, but")
    try made.folder.write("ensg,name,FOV_id\nE,P0\n", to: "Label_data00.csv")
    expectError(made.folder.url, .badData, names: "Label_data00.csv", says: "row 2")
    try made.folder.write("", to: "Label_data00.csv")
    expectError(made.folder.url, .badData, names: "Label_data00.csv", says: "empty")
    try FileManager.default.removeItem(at: made.folder.file("Label_data00.csv"))
    expectError(
      made.folder.url, .missingInput, names: "Label_data00.csv", says: "needed by Image_data00.npy")
  }

  @Test func tablesOfABareArray() throws {
    let folder = try TestFolder()
    let url = folder.file("cells.npy")
    try NPY.write([UInt8](repeating: 7, count: 50), shape: [2, 5, 5], to: url)
    expectError(
      url, .missingInput, names: "no.csv",
      says: "missing", options: CellDataOptions(labelsTable: folder.file("no.csv")))
    expectError(
      url, .badData, names: "cells.npy", says: "--labels",
      options: CellDataOptions(labelColumn: "gene"))
    try folder.write("gene\na\n", to: "labels.csv")
    expectError(url, .badData, names: "labels.csv: 1 row,", says: "cells.npy has 2 crops")
    try folder.write("gene,x\na,1\nb,2\n", to: "labels.csv")
    expectError(
      url, .usage, names: "column name",
      says: "There are 0 gene, 1 x", options: CellDataOptions(labelColumn: "name"))
    expectError(
      url, .usage, names: "column 7", says: "0 gene, 1 x",
      options: CellDataOptions(fieldColumn: "7"))
  }

  @Test func filesThatDoNotFitTogether() throws {
    let made = try ReleasedData([[4], [4]])
    try NPY.write(
      [Float](repeating: 0, count: 4 * 7 * 7 * 4), shape: [4, 7, 7, 4],
      to: made.folder.file("Image_data01.npy"))
    expectError(
      made.folder.url, .badData, names: "Image_data01.npy: crops of shape [4, 7, 7]",
      says: "Image_data00.npy has [4, 6, 6]")
    let sample = try TestFolder()
    for (name, count) in [("A_pro", 3), ("A_nuc", 2)] {
      try NPY.write(
        [Float](repeating: 0, count: count * 9), shape: [count, 3, 3],
        to: sample.file(name + ".npy"))
    }
    try sample.writeStrings("A_label.npy", [["A"], ["A"], ["A"]])
    expectError(
      sample.url, .badData, names: "A_nuc.npy: crops of shape [2, 1, 3, 3]", says: "A_pro.npy has")
    try FileManager.default.removeItem(at: sample.file("A_nuc.npy"))
    try NPY.write(
      [Float](repeating: 0, count: 9), shape: [1, 3, 3], to: sample.file("B_nuc.npy"))
    expectError(sample.url, .missingInput, names: "A_nuc.npy", says: "needed by A_label.npy")
  }
}
