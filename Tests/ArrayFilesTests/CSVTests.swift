import ArrayFiles
import Foundation
import Numerics
import Testing

@Suite struct CSVTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func table(_ text: String) throws -> CSVTable {
    try CSVTable(try scratch.file("t.csv", Array(text.utf8)))
  }

  private func error(_ bytes: [UInt8]) throws -> ArrayFileError {
    let url = try scratch.file("bad.csv", bytes)
    return try #require(arrayFileError { _ = try CSVTable(url) })
  }

  @Test func readsQuotesLineEndsAndMarks() throws {
    let table = try table(
      "\u{FEFF}name,note,n\r\nACTB,\"a, \"\"b\"\"\r\nc\",1\r\n\r\n\"\",  ,2\rKIF,ä µ,3")
    #expect(table.header == ["name", "note", "n"])
    #expect(table.rowCount == 3)
    #expect(table.columns[0].strings() == ["ACTB", "", "KIF"])
    #expect(table.columns[1].strings() == ["a, \"b\"\r\nc", "  ", "ä µ"])
    #expect(try table.column("n").integers() == [1, 2, 3])
    #expect(table[2, 1] == "ä µ")
  }

  @Test func choosesTheDelimiter() throws {
    #expect(try table("a;b;\"c,d,e,f\"\n1;2;3\n").header == ["a", "b", "c,d,e,f"])
    #expect(try table("a\tb\n1,5\t2\n").column("a").strings() == ["1,5"])
    #expect(try table("only\n1\n2\n").column("only").integers() == [1, 2])
    let url = try scratch.file("p.csv", Array("a|b\n1|2\n".utf8))
    #expect(try CSVTable(url, delimiter: "|").header == ["a", "b"])
    #expect(arrayFileError { _ = try CSVTable(url, delimiter: "ä") }?.kind == .usage)
  }

  @Test func keepsEachValueOnce() throws {
    let rows = (0..<5000).map { "\($0),v\($0 % 7)" }.joined(separator: "\n")
    let table = try table("id,label\n" + rows + "\n")
    #expect(table.rowCount == 5000)
    #expect(table.columns[1].uniqueValues == (0..<7).map { "v\($0)" })
    #expect(table.columns[1].codes.prefix(9) == [0, 1, 2, 3, 4, 5, 6, 0, 1])
    #expect(table.columns[0].uniqueCount == 5000)
    #expect(table.columns[0][4321] == "4321")
  }

  @Test func readsNumbers() throws {
    let table = try table("x,n\n1.5, 7\n,8\n-2e3,9\n")
    let values = try table.column("x").doubles()
    #expect(values[0] == 1.5 && values[1].isNaN && values[2] == -2000)
    #expect(try table.column("n").integers() == [7, 8, 9])
    let wrong = try self.table("n\n1\ntwo\n")
    let error = try #require(arrayFileError { _ = try wrong.column("n").integers() })
    #expect(error.place == "row 3, column 'n'")
    #expect(error.problem == "holds 'two' where a whole number was expected")
  }

  @Test func namesTheRowThatIsWrong() throws {
    let few = try error(Array("a,b\n1,2\n3\n".utf8))
    #expect(few.kind == .badData && few.place == "row 3")
    #expect(few.problem == "has 1 field, the header has 2")
    #expect(try error(Array("a,b\n1,2,3\n".utf8)).advice?.contains("quotes around") == true)
    #expect(
      try error(Array("a,b\n1,\"2\n3,4\n".utf8)).problem.contains("byte 6 that is never closed"))
    #expect(try error(Array("a,b\n1,\"2\"x\n".utf8)).problem.contains("after a closing quote"))
    #expect(
      try error(Array("a,b\n1,2\n".utf8) + [0x33, 0x2C, 0xFF, 0x0A]).description
        .contains("row 3: is not valid UTF-8 at byte 10"))
    #expect(try error(Array("a,b\n1,".utf8) + [0, 0x0A]).problem.contains("zero byte"))
    #expect(try error([]).problem.contains("empty"))
    #expect(try error([0x0A, 0x0D, 0x0A]).problem.contains("empty"))
    #expect(try error([0xFF, 0xFE, 0x61, 0]).problem == "is UTF-16 text")
  }

  @Test func namesTheColumnsThereAre() throws {
    let table = try table("a,b\n1,2\n")
    let error = try #require(arrayFileError { _ = try table.column("c") })
    #expect(error.kind == .usage)
    #expect(error.description.contains("has no column 'c'. Its columns are: a, b."))
  }

  @Test func refusesOverlongUTF8AndSurrogates() throws {
    for wrong: [UInt8] in [
      [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80],
      [0xE2, 0x82],
    ] {
      #expect(try error(Array("a\n".utf8) + wrong).problem.contains("not valid UTF-8"))
    }
  }

  @Test(arguments: [UInt64](1...30)) func returnsWhatWasWritten(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let pieces = ["", "a", ",", "\"", "\n", "\r\n", "é", " ", "😀", "\"\"", "long text", "\t", ";"]
    let columns = Int.random(in: 1...5, using: &generator)
    let header = (0..<columns).map { "column \($0)" }
    let rows = (0..<Int.random(in: 0...50, using: &generator)).map { _ in
      (0..<columns).map { _ in
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in
          pieces.randomElement(using: &generator) ?? ""
        }.joined()
      }
    }
    let url = try scratch.file("w.csv")
    let writer = try CSVWriter(url, header: header)
    for row in rows { try writer.append(row) }
    #expect(try scratch.names() == ["w.csv.partial"])
    try writer.finish()
    let table = try CSVTable(url, delimiter: ",")
    #expect(table.header == header)
    #expect((0..<table.rowCount).map { row in (0..<columns).map { table[row, $0] } } == rows)
  }

  @Test func streamsRows() throws {
    let url = try scratch.file("s.csv", Array("a,b\n1,x\n2,y\n".utf8))
    let reader = try CSVReader(url)
    var seen: [String] = []
    while try reader.next() { seen.append("\(reader.row):\(reader[0])\(reader[1])") }
    #expect(seen == ["2:1x", "3:2y"])
    #expect(reader.columnIndex("b") == 1)
  }

  @Test(.enabled(if: SharedFiles.exist)) func readsReleasedLabels() throws {
    let table = try CSVTable(SharedFiles.url("data/opencell36/released_layout/Label_data00.csv"))
    #expect(table.header.contains("name") && table.rowCount == 175)
  }
}
