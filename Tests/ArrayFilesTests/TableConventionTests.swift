import ArrayFiles
import Testing

/// What texts of a table mean: missing values, numbers, and the columns that are taken unasked.
@Suite struct TableConventionTests {
  @Test(arguments: ["", " ", "nan", "NaN", "NA", "N/A", "<NA>", "None", "null", "NaT", " NA\u{A0}"])
  func isMissing(_ text: String) {
    #expect(MissingText.isMissing(text))
    #expect(MissingText.label(text) == "")
  }

  @Test(arguments: ["NANOG", "NAT1", "0", "-", "nan1", "?", "NONO", "inf", "N A"])
  func isAName(_ text: String) {
    #expect(!MissingText.isMissing(text))
    #expect(MissingText.label(" \(text)\t") == text)
  }

  @Test func numbersSurviveTheWayBack() throws {
    func numbers(_ texts: [String]) -> [Double]? {
      switch NumberColumn(texts) {
      case .integers(let values): values.map { $0.map(Double.init) ?? .infinity }
      case .numbers(let values): values
      case nil: nil
      }
    }
    #expect(numbers(["3", "-2", "NA", "0"]) == [3, -2, .infinity, 0])
    #expect(numbers(["0.5", "2", "-1e-05"]) == [0.5, 2, -1e-05])
    #expect(numbers(["0.5", "2.0"]) == [0.5, 2])
    #expect(numbers(["0.50", "1.25", "10.00"]) == [0.5, 1.25, 10])
    #expect(numbers(["inf", "1.5"]) == [.infinity, 1.5])
    #expect(numbers(["nan", "1.5"])?[0].isNaN == true)
    for names in [
      ["2310009E13"], ["1E5", "2"], ["1e5"], ["1.1", "1.10"], ["007"], ["-01"], ["+5"], ["1_000"],
      ["0x1F"], ["infinity"], ["1.5", "Inf"], [".5"], ["5."], ["1,5"], ["1 "], ["2", "2.0", "0.5"],
      ["12345678901234567890123"], ["9007199254740993", "0.5"], ["inf"], [""], ["nan", ""], [],
      ["١"], ["1.10", "x"],
    ] { #expect(numbers(names) == nil, "\(names)") }
  }

  @Test func columnsKeepTheirNumbers() throws {
    let scratch = try Scratch()
    func column(_ fields: [String]) throws -> CSVColumn {
      let text = "n\n" + fields.map { "\"\($0)\"\n" }.joined()
      return try CSVTable(try scratch.file("c.csv", Array(text.utf8))).columns[0]
    }
    let values = try column(["1.50", "NA", "inf", " 1e3"]).doubles()
    #expect(values[0] == 1.5 && values[1].isNaN && values[2] == .infinity && values[3] == 1000)
    for (text, advice) in [("0x1F", nil), ("1_000", nil), ("1,5", "Write decimals with a point")] {
      let error = arrayFileError { _ = try column(["1", text]).doubles() }
      #expect(error?.problem == "holds '\(text)' where a number was expected")
      #expect(error?.advice == advice)
    }
  }

  private func candidate(_ name: String, _ values: [String]) -> ColumnChoice.Candidate {
    let names = Array(Set(values))
    let codes = values.map { value in Int32(names.firstIndex(of: value) ?? 0) }
    return .init(name: name, values: names, codes: codes)
  }

  @Test func oneOddValueChangesNoChoice() {
    let ids = (0..<20).map { "c\($0)" }
    let genes = (0..<20).map { $0 < 10 ? "A" : "B" }
    var odd = ids
    odd[3] = "c4"
    for names in [ids, odd] {
      // A name for each cell is no protein, and one that is there twice makes it none.
      let choice = ColumnChoice.protein([candidate("Name", names), candidate("x", genes)])
      #expect(choice?.index == 1 && choice?.reason == "the first column that groups cells")
      #expect(choice?.passedOver.map(\.index) == [0])
    }
    for word in ["", "nan", "None", "A", "typo"] {
      var some = genes
      some[7] = word
      let choice = ColumnChoice.protein([candidate("ensg", genes), candidate("gene", some)])
      #expect(choice?.index == 1 && choice?.reason == "by its name")
    }
    // A constant column stays one with a missing value, or one that is mistyped.
    for word in ["human", "", "NA", "humn"] {
      let constant = (0..<20).map { $0 == 5 ? word : "human" }
      let choice = ColumnChoice.protein([candidate("organism", constant), candidate("x", genes)])
      #expect(choice?.index == 1)
    }
    let empty = ColumnChoice.protein([
      candidate("name", ids.map { _ in "NA" }), candidate("fov", genes), candidate("y", genes),
    ])
    #expect(empty?.index == 2 && empty?.passedOver.map(\.reason) == ["it has no values"])
    #expect(ColumnChoice.protein([candidate("cell", ids)]) == nil)
    #expect(ColumnChoice.field([candidate("site", genes), candidate("FOV", genes)])?.index == 1)
    #expect(ColumnChoice.field([candidate("n", genes)]) == nil)
  }

  @Test func namesOfColumnsDiffer() throws {
    #expect(ColumnNames.unique(["a", "b", "a", "a.1", "a"]) == ["a", "b", "a.2", "a.1", "a.3"])
    let scratch = try Scratch()
    let url = try scratch.file("d.csv", Array("name,x,name\nA,1,B\n".utf8))
    let table = try CSVTable(url)
    #expect(table.header == ["name", "x", "name.1"] && table.repeatedNames == ["name"])
    #expect(try table.column("name.1").strings() == ["B"])
  }

  @Test func spreadsheetsOfOtherCountriesAreRead() throws {
    let scratch = try Scratch()
    func table(_ text: String) throws -> CSVTable {
      try CSVTable(try scratch.file("s.csv", Array(text.utf8)))
    }
    for start in ["sep=;\n", "\u{FEFF}sep=;\r\n", "SEP=;\n"] {
      let found = try table(start + "a;b,c\n1;2\n")
      #expect(found.header == ["a", "b,c"] && found.columns[1].strings() == ["2"])
    }
    #expect(try table("sep=,\na,b\n1,2\n").header == ["a", "b"])
    #expect(try table("sep=;x\n1;2\n").header == ["sep=", "x"])
    let error = arrayFileError { _ = try table("name;fov;n\nA,f0,1\n") }
    #expect(error?.place == "row 2")
    #expect(error?.problem == "is split at ',', the header at ';'")
    let other = arrayFileError { _ = try table("name,fov\nA;f0\n") }
    #expect(other?.problem == "is split at ';', the header at ','")
    let short = arrayFileError { _ = try table("name,fov\nA\n") }
    #expect(short?.problem == "has 1 field, the header has 2")
  }

  @Test func listsHoldNamesWithCommas() {
    let known: Set = ["A", "B, 1", "C", "B", "A,C", "q\"d"]
    func names(_ list: String, _ count: Int? = nil) -> [String] {
      NameList.names(in: list, count: count, isKnown: known.contains)
    }
    #expect(names("A, C") == ["A", "C"])
    #expect(names("A,B, 1,C") == ["A", "B, 1", "C"])
    #expect(names("A,C") == ["A,C"] && names("A,C", 2) == ["A", "C"])
    #expect(names("\"B, 1\",\"q\"\"d\"") == ["B, 1", "q\"d"])
    #expect(names("A,unknown") == ["A", "unknown"] && names("\"A\"") == ["A"])
    #expect(NameList.pieces(in: "0.8, 0.1,,\"x,y\"") == ["0.8", "0.1", "x,y"])
    #expect(NameList.pieces(in: "") == [])
  }

  @Test func sentencesEndOnce() throws {
    let error = ArrayFileError(.badData, file: "a", problem: "is odd.", advice: "Look at it.")
    #expect(error.description == "a: is odd. Look at it.")
    #expect(ArrayFileError(.badData, file: "a", problem: "is odd").description == "a: is odd.")
  }
}
