import ArrayFiles
import CellData
import Foundation
import Testing

@Suite struct SplitTests {
  struct Golden: Decodable {
    let counts: [Int]
    let fractions: [Double]
    let parts: [Int]
  }

  /// Which part every field is in, by name; a field in two parts fails.
  func partOfField(_ data: CellDataSet, _ split: Split) -> [String: Split.Part] {
    var result: [String: Split.Part] = [:]
    for (row, part) in split.parts(count: data.count).enumerated() {
      guard let part, let field = data.fieldColumn?[row] else { continue }
      #expect(result[field] == nil || result[field] == part, "field \(field) is in two parts")
      result[field] = part
    }
    return result
  }

  /// Made by `tools/reference/field_splits.py` with upstream's own function.
  @Test func fieldsFallAsUpstreamHasThem() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/field_splits.json")
    let cases = try JSONDecoder().decode([Golden].self, from: Data(contentsOf: url))
    #expect(cases.count == 120)
    for golden in cases {
      // Field names sort as their numbers do.
      let folder = try TestFolder()
      let rows = golden.counts.enumerated().flatMap { field, count in
        [String](repeating: "p,\(field + 100)", count: count)
      }
      let array = folder.file("c.npy")
      try NPY.write([UInt8](repeating: 0, count: rows.count), shape: [rows.count, 1, 1], to: array)
      try folder.write("name,fov\n" + rows.joined(separator: "\n") + "\n", to: "c.csv")
      let data = try CellDataSet(array)
      let split = try Split(
        data, book: nil,
        fractions: SplitFractions(
          train: golden.fractions[0], validation: golden.fractions[1], test: golden.fractions[2]))
      let parts = partOfField(data, split)
      for (field, part) in golden.parts.enumerated() {
        #expect(parts["\(field + 100)"] == Split.Part.allCases[part], "\(golden)")
      }
    }
  }

  @Test func noFieldIsInTwoPartsAndAllCellsTakePart() throws {
    let made = try ReleasedData([[5, 9, 3, 7, 7], [4, 4, 4], [20, 1, 1, 1], [3, 3, 3, 3, 3, 3]])
    let data = try made.open()
    let split = try Split(data, book: data.labelBook())
    let parts = partOfField(data, split)
    #expect(parts.count == 18)
    #expect((split.train + split.validation + split.test).sorted() == Array(0..<data.count))
    #expect(split.warnings.isEmpty)
    #expect(split.rule == "field")
    for protein in 0..<4 {
      for part in Split.Part.allCases {
        #expect(parts.contains { Int($0.key)! / 100 == protein && $0.value == part })
      }
    }
    // Where upstream would leave training without a cell or fail, each part still has a field.
    #expect(parts["100"] == .test && parts["101"] == .validation && parts["102"] == .train)
    #expect(parts["200"] == .train)
  }

  @Test func fewFieldsAreSplitByCellWithAWarning() throws {
    let data = try ReleasedData([[40], [30, 20], [10, 10, 10]]).open()
    let split = try Split(data, book: data.labelBook())
    let parts = split.parts(count: data.count)
    // One field: all three parts. Two: the larger trains, the other is shared.
    #expect(Set(parts[..<40].compactMap { $0 }) == Set(Split.Part.allCases))
    #expect(parts[40..<70].allSatisfy { $0 == .train })
    #expect(Set(parts[70..<90].compactMap { $0 }) == [.validation, .test])
    #expect(split.warnings.count == 2)
    #expect(split.warnings[0].contains("1 of 3 classes have one field of view"))
    #expect(split.warnings[0].contains("(P0)"))
    #expect(split.warnings[1].contains("(P1)"))
  }

  @Test func cellsAreSplitInTheirShares() throws {
    // Many small classes: rounding must not starve a part.
    let data = try ReleasedData((0..<40).map { _ in [4] } + [[500]]).open()
    let split = try Split(data, book: data.labelBook(), rule: .cell, seed: 3)
    #expect(abs(split.validation.count - 65) <= 1)
    #expect(abs(split.test.count - 54) <= 1)
    #expect(split.train.count + split.validation.count + split.test.count == 660)
    let trained = Set(split.train.map { data.labelColumn?[$0] })
    #expect(trained.count == 41, "every class has a cell to learn from")
    #expect(split.warnings.count == 1)
    #expect(split.warnings[0].contains("flatter"))
    let again = try Split(data, book: data.labelBook(), rule: .cell, seed: 3)
    #expect(again == split)
    let other = try Split(data, book: data.labelBook(), rule: .cell, seed: 4)
    #expect(other.train != split.train)
  }

  @Test func heldOutProteinsTakeNoPart() throws {
    let data = try ReleasedData([[5, 3, 2], [5, 3, 2], [5, 3, 2]]).open()
    let split = try Split(data, book: data.labelBook(hold: ["P1"]))
    let all = split.train + split.validation + split.test
    #expect(all.sorted() == Array(0..<10) + Array(20..<30))
  }

  @Test func aColumnSaysThePart() throws {
    let words = ["train", "Training", "val", "test", "", "validation"]
    let made = try ReleasedData([[3], [3]]) { [("part", words[$0])] }
    let data = try made.open()
    let split = try Split(data, book: data.labelBook(), rule: .column("part"))
    #expect(split.train == [0, 1])
    #expect(split.validation == [2, 5])
    #expect(split.test == [3])
    #expect(split.warnings == ["1 cell has an empty part and takes no part."])
    #expect(
      cellDataError { _ = try Split(data, book: nil, rule: .column("name")) }
        == .unknownPart(column: "name", value: "P0", row: 0, source: "Image_data00"))
    #expect(
      cellDataError { _ = try Split(data, book: nil, rule: .column("nope")) }
        == .unknownColumn(name: "nope", available: ["ensg", "name", "FOV_id", "part"]))
  }

  @Test func anEmptyPartIsAnErrorUnlessItsShareIsZero() throws {
    let data = try ReleasedData([[2], [2]]).open()
    let error = cellDataError { _ = try Split(data, book: data.labelBook(), rule: .cell) }
    #expect(error == .emptySplit(part: "val", rule: "cell"))
    #expect(error?.description.contains("Use more cells") == true)
    let fractions = try SplitFractions(train: 1, validation: 0, test: 0)
    let split = try Split(data, book: data.labelBook(), rule: .cell, fractions: fractions)
    #expect(split.train == [0, 1, 2, 3])
    let two = try Split(
      data, book: data.labelBook(), fractions: SplitFractions(train: 1, validation: 1, test: 0))
    #expect(two.train.count == 2 && two.validation.count == 2 && two.test.isEmpty)
    for shares in [(0.0, 1.0, 0.0), (-1, 1, 1), (.nan, 1, 1)] {
      let error = cellDataError {
        _ = try SplitFractions(train: shares.0, validation: shares.1, test: shares.2)
      }
      #expect(error?.kind == .usage)
    }
  }

  @Test func aSplitIsReadBackFromItsFile() throws {
    let data = try ReleasedData([[5, 3, 2], [5, 3, 2]]).open()
    let split = try Split(data, book: data.labelBook())
    let folder = try TestFolder()
    let url = folder.file("split.csv")
    try split.write(to: url, data: data)
    let text = try String(contentsOf: url, encoding: .utf8)
    #expect(text.hasPrefix("cell,split\nImage_data00:0,train\n"))
    let read = try Split(contentsOf: url, data: data)
    #expect(read.train == split.train)
    #expect(read.validation == split.validation)
    #expect(read.test == split.test)
    #expect(read.warnings.isEmpty)

    try folder.write("cell,split\nImage_data00:0,train\nImage_data00:1,val\n", to: "part.csv")
    let part = try Split(contentsOf: folder.file("part.csv"), data: data)
    #expect(part.warnings == ["18 cells of the data set are not in part.csv and take no part."])

    for (line, problem) in [
      ("elsewhere:0,train", "is not in the data set"), ("Image_data00:0,val", "is there twice"),
      ("Image_data00:2,maybe", "has the part \"maybe\"; expected train, val or test"),
    ] {
      try folder.write("cell,split\nImage_data00:0,train\n\(line)\n", to: "bad.csv")
      let error = cellDataError { _ = try Split(contentsOf: folder.file("bad.csv"), data: data) }
      let cell = String(line.prefix { $0 != "," })
      #expect(
        error
          == .splitFile(
            path: folder.file("bad.csv").path(percentEncoded: false), row: 3, cell: cell,
            problem: problem))
    }
  }
}
